/** What a case is called. */
import type { CaseRecord } from "../bench/record.ts";
import { testName } from "../bench/workload.ts";
import { plain } from "./format.ts";

/** `llama-2-7b q4_0`. */
export function modelName({ model }: Pick<CaseRecord, "model">): string {
  return plain(`${model.id} ${model.quantization ?? ""}`);
}

/** `llama-2-7b q4_0, tg128`; of the machine alone `read q4_k`. */
export function caseName(record: CaseRecord): string {
  return [modelName(record), plain(testName(record.workload))].filter(Boolean).join(", ");
}
