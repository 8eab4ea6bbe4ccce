/** How to repeat what was reported. */
import type { CaseRecord } from "../bench/record.ts";
import { llmbenchCommands } from "../repeat/llmbenchLine.ts";
import { caseName } from "./caseName.ts";
import { plain } from "./format.ts";

/** llmbench's own commands, one for all tests of a model with the same settings. */
export function llmbenchRepeats(cases: readonly CaseRecord[]): string[] {
  const commands = llmbenchCommands(cases, () => []);
  return [...new Set(commands.map(({ lines }) => lines.map(plain).join("\n")))];
}

/** The cases as llama-bench would be asked for them, each under its name; of files that don't tell, nothing. */
export function llamaBenchLines(cases: readonly CaseRecord[]): string[] {
  return cases.flatMap((record) =>
    record.llamaBench === null ? [] : [`# ${caseName(record)}`, plain(record.llamaBench)],
  );
}
