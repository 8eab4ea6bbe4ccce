/**
 * Brings a command line into the one form that yargs can't misread: each flag `--long-name`, its value behind `=`.
 *
 * llama-bench's flags of several letters take one dash (`-ngl 99`), which yargs reads as `-n -g -l 99`; underscores
 * stand for dashes in them; values may be negative. Unknown flags are found here, since yargs suggests nothing for them.
 */
import { suggest } from "../base/suggest.ts";
import type { FlagTable } from "../commands/command.ts";
import { LlmbenchError } from "../errors.ts";
import type { Flag } from "../suite/flag.ts";

type AnyFlag = Flag<unknown>;
type Names = ReadonlyMap<string, AnyFlag>;

/** A flag as it was typed, `-ngl=99`: with what stands behind it in the same word. */
interface Typed {
  readonly spelling: string;
  readonly flag: AnyFlag;
  readonly value: string | undefined;
}

/** Flags under every name that they may be typed with, dashes left out. */
function namesOf(table: FlagTable): Names {
  return new Map(
    Object.values(table).flatMap((flag) =>
      [flag.name, ...flag.aliases, ...flag.llamaBench].map((name) => [name, flag] as const),
    ),
  );
}

/** A lone dash is a file's name by custom, `-1` a number. */
function looksLikeFlag(word: string): boolean {
  return /^-[^-\d.]/.test(word) || /^--[^-]/.test(word);
}

function unknownFlag(spelling: string, names: Names): LlmbenchError {
  const near = suggest(spelling.replace(/^-+/, "").replaceAll("_", "-"), names.keys());
  if (near === null) return new LlmbenchError("usage", `unknown flag ${spelling}`);
  const oneDash = near.length === 1 || /^-[^-]/.test(spelling);
  return new LlmbenchError(
    "usage",
    `unknown flag ${spelling} (did you mean ${oneDash ? "-" : "--"}${near}?)`,
  );
}

function readFlag(word: string, names: Names): Typed {
  const equals = word.indexOf("=");
  const spelling = equals === -1 ? word : word.slice(0, equals);
  const value = equals === -1 ? undefined : word.slice(equals + 1);
  const flag = names.get(spelling.replace(/^--?/, "").replaceAll("_", "-"));
  if (flag !== undefined) return { spelling, flag, value };
  // `-p512`, a flag of one letter with its number attached.
  const attached = names.get(/^-([a-z])\d/i.exec(word)?.[1] ?? "");
  if (attached === undefined) throw unknownFlag(spelling, names);
  return { spelling: word.slice(0, 2), flag: attached, value: word.slice(2) };
}

function isValueOf({ optionalValue }: AnyFlag, word: string | undefined): boolean {
  if (word === undefined || looksLikeFlag(word)) return false;
  return optionalValue === null || optionalValue.test(word);
}

/** @throws LlmbenchError `usage` for an unknown flag, and one with too little or too much behind it. */
export function normalizeArgv(argv: readonly string[], table: FlagTable): string[] {
  const names = namesOf(table);
  const flags: string[] = [];
  const positionals: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      positionals.push(...words.splice(0));
    } else if (looksLikeFlag(word)) {
      const { spelling, flag, value } = readFlag(word, names);
      if (flag.argument === null) {
        if (value !== undefined) throw new LlmbenchError("usage", `${spelling} takes no value`);
        flags.push(`--${flag.name}`);
        continue;
      }
      const given = value ?? (isValueOf(flag, words[0]) ? words.shift() : "");
      if (given === undefined || (given === "" && flag.optionalValue === null)) {
        throw new LlmbenchError("usage", `${spelling} needs a value: ${flag.argument}`);
      }
      flags.push(`--${flag.name}=${given}`);
    } else {
      positionals.push(word);
    }
  }
  return positionals.length === 0 ? flags : [...flags, "--", ...positionals];
}
