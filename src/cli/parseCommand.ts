/** One command's command line: the values of its flags, and what stands beside them. */
import { toType } from "../base/invocation.ts";
import type { Command } from "../commands/command.ts";
import { LlmbenchError } from "../errors.ts";
import { ValueMismatch, type Flag } from "../flags/flag.ts";
import { readArgv } from "./readArgv.ts";

export interface ParsedCommand {
  /** Values by the flag's key in the command's table. */
  readonly given: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];
}

/** @throws LlmbenchError `usage`, naming what can't be understood. */
export function parseCommand(
  name: string,
  command: Command,
  argv: readonly string[],
): ParsedCommand {
  const { flags, positionals } = readArgv(argv, command.flags);
  checkPositionals(name, command, positionals);
  const given = Object.entries(command.flags).flatMap(([key, flag]) => {
    const typed = flags.get(flag.name);
    return typed === undefined ? [] : [[key, readFlag(flag, typed)] as const];
  });
  return { given: Object.fromEntries(given), positionals };
}

function readFlag(flag: Flag<unknown>, typed: readonly unknown[]): unknown {
  try {
    return flag.read(typed);
  } catch (error) {
    if (!(error instanceof ValueMismatch)) throw error;
    throw new LlmbenchError("usage", `--${flag.name}: ${error.message}`, { cause: error });
  }
}

function checkPositionals(name: string, { positionals }: Command, words: readonly string[]): void {
  const { min, max } = positionals ?? { min: 0, max: 0 };
  const extra = words[max];
  if (extra !== undefined) {
    throw new LlmbenchError(
      "usage",
      `unexpected argument ${extra}; see ${toType(`${name} --help`)}`,
    );
  }
  if (words.length < min) {
    const what = positionals?.name ?? "an argument";
    throw new LlmbenchError("usage", `${name} needs ${what}; see ${toType(`${name} --help`)}`);
  }
}
