/**
 * Reads a command line by a command's table of flags. None of the usual parsers knows llama-bench's flags: those of several
 * letters take one dash (`-ngl 99`, elsewhere `-n -g -l 99`), underscores stand for dashes, and values may be negative.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { suggest } from "../base/suggest.ts";
import type { FlagTable } from "../flags/flagTable.ts";
import { LlmbenchError } from "../errors.ts";
import type { Flag } from "../flags/flag.ts";

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

export interface ReadArgv {
  /** By the flag's name: what stands behind each occurrence, empty where a value is left out; true of a switch. */
  readonly flags: ReadonlyMap<string, readonly (string | true)[]>;
  readonly positionals: readonly string[];
}

/** @throws LlmbenchError `usage` for an unknown flag, and one with too little or too much behind it. */
export function readArgv(argv: readonly string[], table: FlagTable): ReadArgv {
  const names = namesOf(table);
  const flags = new Map<string, (string | true)[]>();
  const positionals: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      positionals.push(...words.splice(0));
    } else if (looksLikeFlag(word)) {
      const typed = readFlag(word, names);
      getOrMake(flags, typed.flag.name, () => []).push(valueOf(typed, words));
    } else {
      positionals.push(word);
    }
  }
  return { flags, positionals };
}

/** Takes the next word where it is the flag's value. */
function valueOf({ spelling, flag, value }: Typed, words: string[]): string | true {
  if (flag.argument === null) {
    if (value === undefined) return true;
    throw new LlmbenchError("usage", `${spelling} takes no value`);
  }
  const given = value ?? (isValueOf(flag, words[0]) ? words.shift() : "");
  if (given === undefined || (given === "" && flag.optionalValue === null)) {
    throw new LlmbenchError("usage", `${spelling} needs a value: ${flag.argument}`);
  }
  return given;
}
