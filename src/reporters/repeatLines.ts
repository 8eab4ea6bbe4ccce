/** How to repeat what was reported. */
import { getOrMake } from "../base/getOrMake.ts";
import type { CaseRecord } from "../bench/record.ts";
import { llmbenchCommands } from "../repeat/llmbenchLine.ts";
import { caseName } from "./caseName.ts";
import { plain } from "./format.ts";

/** llmbench's own commands, one for all tests of a model with the same settings; made once for all documents of a report. */
export function llmbenchRepeats(cases: readonly CaseRecord[]): readonly string[] {
  return getOrMake(repeats, cases, () => {
    const commands = llmbenchCommands(cases, () => []);
    return [...new Set(commands.map(({ lines }) => lines.map(plain).join("\n")))];
  });
}

const repeats = new WeakMap<readonly CaseRecord[], readonly string[]>();

/** The cases as llama-bench would be asked for them, each under its name; of files that don't tell, nothing. */
export function llamaBenchLines(cases: readonly CaseRecord[]): string[] {
  return cases.flatMap((record) =>
    record.llamaBench === null ? [] : [`# ${caseName(record)}`, plain(record.llamaBench)],
  );
}
