/** How to repeat what was reported. */
import type { CaseRecord } from "../bench/record.ts";
import { caseName } from "./caseName.ts";
import { plain } from "./format.ts";

/** The cases as llama-bench would be asked for them, each under its name; of files that don't tell, nothing. */
export function llamaBenchLines(cases: readonly CaseRecord[]): string[] {
  return cases.flatMap((record) =>
    record.llamaBench === null ? [] : [`# ${caseName(record)}`, plain(record.llamaBench)],
  );
}
