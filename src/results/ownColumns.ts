/**
 * Files of llmbench's by the columns that they name. All have `case_id`; one that lost it is known by the others, so that its
 * reader is told what it lacks.
 */
import { columnNames } from "./columns/columns.ts";
import { benchRecordSchema } from "./importRecord.ts";

/** Of several words each, and none of llama-bench's. */
const ownNames: ReadonlySet<string> = new Set(
  columnNames.filter((name) => name.includes("_") && !Object.hasOwn(benchRecordSchema.shape, name)),
);

/** Another program may have one or two of them. */
const fewest = 3;

function areOwn(names: readonly string[]): boolean {
  if (names.includes("case_id")) return true;
  return new Set(names.filter((name) => ownNames.has(name))).size >= fewest;
}

/** Whether a line is the header of a results.csv, whatever sets its cells apart. */
export function isOwnHeader(line: string): boolean {
  return areOwn(line.split(/[,;\t]/u).map((cell) => /^"?(\w+)"?$/u.exec(cell)?.[1] ?? ""));
}

/** Whether a text has the keys of a case, as JSON. */
export function hasOwnKeys(text: string): boolean {
  return areOwn([...text.matchAll(/"(\w+)"\s*:/gu)].map(([, key = ""]) => key));
}
