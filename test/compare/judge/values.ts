/** Values of cases that are written down by their columns. */
import { isMeasured } from "../../../src/bench/record.ts";
import { logValueOf, type LogValue } from "../../../src/compare/judge/logValue.ts";
import { row, type Columns } from "../rows.ts";

/** Of a case with these columns. */
export function valueOf(columns: Columns): LogValue {
  const record = row(columns);
  if (!isMeasured(record)) throw new Error("nothing measured");
  return logValueOf(record);
}
