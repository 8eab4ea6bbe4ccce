/**
 * Reads a command line by a command's table of flags. None of the usual parsers knows llama-bench's flags: those of several
 * letters take one dash (`-ngl 99`, elsewhere `-n -g -l 99`), underscores stand for dashes, and values may be negative.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { suggest } from "../base/suggest.ts";
import type { FlagTable } from "../flags/flagTable.ts";
import { LlmbenchError } from "../errors.ts";
import { ValueMismatch, type Flag, type OtherForm } from "../flags/flag.ts";
import { insteadOf } from "../suite/refusedFlags.ts";

type AnyFlag = Flag<unknown>;

/** A flag under one of its names, or a form that its users know it by. */
interface Named {
  readonly flag: AnyFlag;
  readonly form: OtherForm | null;
}
type Names = ReadonlyMap<string, Named>;

/** A flag as it was typed, `-ngl=99`: with what stands behind it in the same word. */
interface Typed extends Named {
  readonly spelling: string;
  readonly value: string | undefined;
}

/** Flags under every name that they may be typed with, dashes left out. */
function namesOf(table: FlagTable): Names {
  const names = new Map<string, Named>();
  for (const flag of Object.values(table)) {
    for (const name of [flag.name, ...flag.aliases, ...flag.llamaBench])
      names.set(name, { flag, form: null });
    for (const form of flag.forms) for (const name of form.names) names.set(name, { flag, form });
  }
  return names;
}

/** A lone dash is a file's name by custom, `-1` a number. */
function looksLikeFlag(word: string): boolean {
  return /^-[^-\d.]/.test(word) || /^--[^-]/.test(word);
}

function nameIn(spelling: string): string {
  return spelling.replace(/^--?/, "").replaceAll("_", "-");
}

function unknownFlag(spelling: string, names: Names): LlmbenchError {
  const instead = insteadOf(nameIn(spelling));
  if (instead !== null) return new LlmbenchError("usage", `${spelling}: ${instead}`);
  const near = suggest(nameIn(spelling), names.keys());
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
  const named = names.get(nameIn(spelling));
  if (named !== undefined) return { ...named, spelling, value };
  // `-p512`, a flag of one letter with its number attached.
  const attached = names.get(/^-([a-z])\d/i.exec(word)?.[1] ?? "");
  if (attached === undefined) throw unknownFlag(spelling, names);
  return { ...attached, spelling: word.slice(0, 2), value: word.slice(2) };
}

function isValueOf({ optionalValue }: AnyFlag, word: string | undefined): boolean {
  if (word === undefined || looksLikeFlag(word)) return false;
  return optionalValue === null || optionalValue.test(word);
}

export interface ReadArgv {
  /** By the flag's name: what stands behind each occurrence, empty where a value is left out; true of a switch. */
  readonly flags: ReadonlyMap<string, readonly (string | boolean)[]>;
  readonly positionals: readonly string[];
}

/** @throws LlmbenchError `usage` for an unknown flag, and one with too little or too much behind it. */
export function readArgv(argv: readonly string[], table: FlagTable): ReadArgv {
  const names = namesOf(table);
  const flags = new Map<string, (string | boolean)[]>();
  const positionals: string[] = [];
  const words = [...argv];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === "--") {
      positionals.push(...words.splice(0));
    } else if (looksLikeFlag(word)) {
      const typed = readFlag(word, names);
      const value = valueOf(typed, words);
      getOrMake(flags, flagFor(typed, value, names), () => []).push(value);
    } else {
      positionals.push(word);
    }
  }
  return { flags, positionals };
}

/** The name of the flag that the value is for. */
function flagFor({ flag }: Typed, value: string | boolean, names: Names): string {
  const other = typeof value === "string" ? flag.belongsTo(value) : null;
  return other !== null && names.has(other) ? other : flag.name;
}

function valueOf(typed: Typed, words: string[]): string | boolean {
  const text = textBehind(typed, words);
  const { form, spelling } = typed;
  if (form === null) return text ?? true;
  try {
    return form.as(text ?? "");
  } catch (error) {
    if (!(error instanceof ValueMismatch)) throw error;
    throw new LlmbenchError("usage", `${spelling}: ${error.message}`, { cause: error });
  }
}

/** Takes the next word where it is the flag's value; null behind a switch. */
function textBehind({ spelling, flag, form, value }: Typed, words: string[]): string | null {
  const { argument } = form ?? flag;
  if (argument === null) {
    if (value === undefined) return null;
    throw new LlmbenchError("usage", `${spelling} takes no value`);
  }
  const given = value ?? (isValueOf(flag, words[0]) ? words.shift() : "");
  if (given === undefined || (given === "" && flag.optionalValue === null)) {
    throw new LlmbenchError("usage", `${spelling} needs a value: ${argument}`);
  }
  return given;
}
