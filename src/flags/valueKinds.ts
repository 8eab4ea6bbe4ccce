/** The kinds of value that flags and suites take: how each is read, what it expects, and its JSON schema. */
import { parseBytes } from "../base/bytes.ts";
import { squeezed } from "../base/squeezed.ts";
import { maxInt32, readRange } from "./ranges.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The part of a value that is wrong. */
export interface Mismatch {
  /** Reads as `expected …, got …`. */
  readonly expected: string;
  readonly got: string;
  /** All allowed words, for suggestions. */
  readonly choices?: readonly string[];
}

export interface ValueKind<T> {
  /** Reads as `expected …, got …`. */
  readonly expected: string;
  /** The same of one value, where only a part of it is wrong; undefined where all of it is. */
  readonly mismatchOf?: (value: unknown) => Mismatch | undefined;
  /** Stands behind the flag in help texts. */
  readonly argument: string;
  /** All allowed words, for suggestions. */
  readonly choices?: readonly string[];
  /** One value as a suite may write it. */
  readonly json: JsonSchema;
  /** False where a comma belongs to the value. */
  readonly commaSeparates: boolean;
  /** The values that one text or YAML scalar stands for (a range stands for several); undefined if it is none. */
  read(value: unknown): readonly T[] | undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function one<T>(value: T | undefined): readonly T[] | undefined {
  return value === undefined ? undefined : [value];
}

/** Any text but an empty one. */
export function text(expected: string, argument: string): ValueKind<string> {
  return {
    expected,
    argument,
    commaSeparates: true,
    json: { type: "string", minLength: 1 },
    read: (value) => one(textOf(value) || undefined),
  };
}

/**
 * One of some words, any case, with or without what joins their parts (`q4km`); `synonyms` are other spellings, llama-bench's
 * `-1, 1, 0` for instance.
 */
export function word<const T extends string>(
  choices: readonly T[],
  synonyms: Readonly<Record<string, T>> = {},
): ValueKind<T> {
  const words = new Map<string, T>([
    ...choices.map((choice) => [choice, choice] as const),
    ...Object.entries(synonyms),
  ]);
  // A sign belongs to a number.
  const named = [...words].filter(([spelling]) => /[a-z]/.test(spelling));
  const typed = new Map(named.map(([spelling, choice]) => [squeezed(spelling), choice]));
  const numbers = Object.keys(synonyms)
    .filter((synonym) => /^-?\d+$/.test(synonym))
    .map(Number);
  return {
    expected: `one of ${choices.join(", ")}`,
    argument: choices.join("|").length < 32 ? choices.join("|") : "NAME",
    choices,
    commaSeparates: true,
    json: { enum: [...words.keys(), ...numbers] },
    read(value) {
      const given = textOf(value)?.toLowerCase() ?? "";
      return one(words.get(given) ?? typed.get(squeezed(given)));
    },
  };
}

const onOffWords = new Map([
  ...["1", "on", "true", "enabled"].map((spelling) => [spelling, true] as const),
  ...["0", "off", "false", "disabled"].map((spelling) => [spelling, false] as const),
]);

/** On or off, under the words that llama.cpp takes for them. */
export function onOff(): ValueKind<boolean> {
  return {
    expected: "1 or 0",
    argument: "0|1",
    commaSeparates: true,
    json: { enum: [true, false, 1, 0, "on", "off"] },
    read: (value) => one(onOffWords.get(textOf(value)?.toLowerCase() ?? "")),
  };
}

/** Whole numbers and llama-bench's ranges of them: `1-4`, `128-512*2`, `0-32+8`. */
export function integers(min: number, max = maxInt32): ValueKind<number> {
  return {
    expected: `a whole number from ${min}${max === maxInt32 ? "" : ` to ${max}`}, or a range of up to 1000 such as 1-4, 128-512*2, 0-32+8`,
    argument: "N",
    commaSeparates: true,
    json: {
      anyOf: [
        { type: "integer", minimum: min, maximum: max },
        {
          type: "string",
          pattern: "^\\s*\\d+(-\\d+([+*]\\d+)?)?(\\s*,\\s*\\d+(-\\d+([+*]\\d+)?)?)*\\s*$",
        },
      ],
    },
    read(value) {
      const numbers = readRange(textOf(value) ?? "");
      return numbers?.every((number) => number >= min && number <= max) ? numbers : undefined;
    },
  };
}

/** One whole number. */
export function integer(min: number, max = maxInt32): ValueKind<number> {
  return {
    expected: `a whole number from ${min}${max === maxInt32 ? "" : ` to ${max}`}`,
    argument: "N",
    commaSeparates: false,
    json: { type: "integer", minimum: min, maximum: max },
    read(value) {
      const given = textOf(value) ?? "";
      const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      return number >= min && number <= max ? [number] : undefined;
    },
  };
}

/** A number of repetitions or launches, or as many as the precision asks for. */
export function countOrAuto(): ValueKind<number | "auto"> {
  const counts = integer(1);
  return {
    expected: "auto, or a whole number from 1",
    argument: "auto|N",
    commaSeparates: false,
    json: { anyOf: [{ const: "auto" }, counts.json] },
    read: (value) => (textOf(value)?.toLowerCase() === "auto" ? ["auto"] : counts.read(value)),
  };
}

/** A share of one, above 0: `1%`, `0.01`. */
export function share(): ValueKind<number> {
  return {
    expected: "a share such as 1% or 0.01",
    argument: "SHARE",
    commaSeparates: false,
    json: {
      anyOf: [
        { type: "number", exclusiveMinimum: 0, maximum: 1 },
        { type: "string", pattern: "^\\s*[0-9.]+\\s*%?\\s*$" },
      ],
    },
    read(value) {
      const number = shareIn(value);
      return number > 0 && number <= 1 ? [number] : undefined;
    },
  };
}

/** A share below one, and none of it too. */
export function shareOrNone(): ValueKind<number> {
  return {
    ...share(),
    expected: "a share such as 3% or 0.03",
    read(value) {
      const number = shareIn(value);
      return number < 1 ? [number] : undefined;
    },
  };
}

function shareIn(value: unknown): number {
  const match = /^(\d+(?:\.\d+)?|\.\d+)\s*(%?)$/.exec(textOf(value) ?? "");
  return Number(match?.[1]) / (match?.[2] === "%" ? 100 : 1);
}

/** Layers on the device: `auto`, `max` (llama-bench's -1), or counts as `integers` takes them. */
export function gpuLayers(): ValueKind<number | "auto" | "max"> {
  const counts = integers(0);
  return {
    expected: "auto, max, a number of layers, or a range such as 0-32+8",
    argument: "auto|max|N",
    commaSeparates: true,
    json: { anyOf: [{ enum: ["auto", "max", -1] }, counts.json] },
    read(value) {
      const given = textOf(value)?.toLowerCase() ?? "";
      if (given === "auto") return ["auto"];
      return given === "max" || given === "-1" ? ["max"] : counts.read(given);
    },
  };
}

export interface TokenPair {
  readonly nPrompt: number;
  readonly nGen: number;
}

/** A prompt and the tokens generated after it, `512,128`; in a suite `[512, 128]` too. */
export function tokenPair(): ValueKind<TokenPair> {
  const count = { type: "integer", minimum: 0 };
  return {
    expected: "a prompt length and a number of generated tokens such as 512,128",
    argument: "P,N",
    commaSeparates: false,
    json: {
      anyOf: [
        { type: "string", pattern: "^\\s*\\d+\\s*,\\s*\\d+\\s*$" },
        { type: "array", prefixItems: [count, count], items: false, minItems: 2 },
      ],
    },
    read(value) {
      const given = Array.isArray(value) ? value.map(textOf).join(",") : textOf(value);
      const match = /^(\d+)\s*,\s*(\d+)$/.exec(given ?? "");
      const [nPrompt, nGen] = [Number(match?.[1]), Number(match?.[2])];
      return nPrompt <= maxInt32 && nGen <= maxInt32 ? [{ nPrompt, nGen }] : undefined;
    },
  };
}

const isAmount = (part: string) => /^(\d+(\.\d*)?|\.\d+)$/.test(part);

/** Proportions of the model per device, `3/1` or `3;1` as in llama-bench. */
export function proportions(): ValueKind<readonly number[]> {
  return {
    expected: "proportions per device such as 3/1",
    argument: "N/N",
    commaSeparates: true,
    json: {
      anyOf: [
        { type: "number", minimum: 0 },
        { type: "string", pattern: "^[0-9./;,\\s]+$" },
      ],
    },
    read(value) {
      const parts = (textOf(value) ?? "").split(/[;/]/);
      return parts.every(isAmount) ? [parts.map(Number)] : undefined;
    },
  };
}

/** Bytes, plain or with a unit. */
export function byteCount(): ValueKind<number> {
  return {
    expected: "bytes, plain or with a unit such as 24GiB (2^30) or 24GB (10^9)",
    argument: "BYTES",
    commaSeparates: false,
    json: {
      anyOf: [
        { type: "integer", minimum: 1 },
        { type: "string", pattern: "^\\s*[0-9.]+\\s*([KMGT]i?B|B)?\\s*$" },
      ],
    },
    read(value) {
      const bytes = parseBytes(textOf(value) ?? "");
      return bytes !== undefined && bytes > 0 ? [bytes] : undefined;
    },
  };
}

const secondsPerUnit: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600 };

/** Seconds, plain or `90s`, `30m`, `1h`. */
export function seconds(): ValueKind<number> {
  return {
    expected: "seconds, or a time such as 90s, 30m, 1h",
    argument: "TIME",
    commaSeparates: false,
    json: {
      anyOf: [
        { type: "number", minimum: 0 },
        { type: "string", pattern: "^\\s*[0-9.]+\\s*[smh]?\\s*$" },
      ],
    },
    read(value) {
      const match = /^(\d+(?:\.\d+)?)\s*([smh]?)$/i.exec(textOf(value) ?? "");
      return match === null
        ? undefined
        : [Number(match[1]) * (secondsPerUnit[match[2]?.toLowerCase() ?? ""] ?? 1)];
    },
  };
}

/** A time that something is to take: none would be another question. */
export function someSeconds(): ValueKind<number> {
  const any = seconds();
  return {
    ...any,
    expected: "seconds above 0, or a time such as 90s, 30m, 1h",
    json: {
      anyOf: [
        { type: "number", exclusiveMinimum: 0 },
        { type: "string", pattern: "^\\s*[0-9.]*[1-9][0-9.]*\\s*[smh]?\\s*$" },
      ],
    },
    read(value) {
      const times = any.read(value);
      return times?.every((time) => time > 0) === true ? times : undefined;
    },
  };
}

/** Tokens per second, decimals allowed. */
export function speed(): ValueKind<number> {
  return {
    expected: "tokens per second",
    argument: "T/S",
    commaSeparates: false,
    json: { type: "number", minimum: 0 },
    read(value) {
      const match = /^\d+(?:\.\d+)?$/.exec(textOf(value) ?? "");
      return match === null ? undefined : [Number(match[0])];
    },
  };
}

/** A memory's bandwidth: no main memory has less than one of these, and none a hundred thousand. */
export function gigabytesPerSecond(): ValueKind<number> {
  return {
    expected: "GB/s of 10^9 bytes, from 1 to 100000",
    argument: "GB/S",
    commaSeparates: false,
    json: { type: "number", minimum: 1, maximum: 100_000 },
    read(value) {
      const match = /^\d+(?:\.\d+)?$/.exec(textOf(value) ?? "");
      const rate = Number(match?.[0]);
      return rate >= 1 && rate <= 100_000 ? [rate] : undefined;
    },
  };
}

/** A path, whatever is in it. */
export function file(): ValueKind<string> {
  return { ...text("the path of a file", "FILE"), commaSeparates: false };
}
