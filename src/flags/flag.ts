/** One flag of `run`: its names, its meaning, and how its value is read from a command line or a suite. */
import { showValue } from "../base/showValue.ts";
import { didYouMean } from "../base/suggest.ts";
import type { JsonSchema, ValueKind } from "./valueKinds.ts";

/** Another way to say what a flag says: `--mmap 0` for `--load-mode none`. */
export interface OtherForm {
  /** Without dashes. */
  readonly names: readonly string[];
  /** What stands behind it; null for a switch. */
  readonly argument: string | null;
  /** The value as the flag itself reads it, of the text behind this form. Throws `ValueMismatch`. */
  readonly as: (text: string) => string | boolean;
}

interface FlagFace {
  /** Long name, without dashes. */
  readonly name: string;
  /** Other names; those of one letter take one dash. */
  readonly aliases?: readonly string[];
  /** Forms with one dash that llama-bench's users type: `-ngl`. */
  readonly llamaBench?: readonly string[];
  /** What llama-bench's users type for it under other names. */
  readonly forms?: readonly OtherForm[];
  /** The flag that a value belongs to, by its look, where two share their names; null for this one. */
  readonly belongsTo?: (text: string) => string | null;
  /** For `--help`: what it sets, with its unit. */
  readonly help: string;
  /** False for what belongs to one invocation. Default true. */
  readonly inSuite?: boolean;
  /** Whether it may stand beside `--resume`, which takes the cases and their measurement from the journal. Default false. */
  readonly besideResume?: boolean;
}

export interface Flag<V> extends Required<FlagFace> {
  /** What stands behind the flag in help texts; null for a switch. */
  readonly argument: string | null;
  /** What a value looks like, of a flag that can stand alone; null where the value is needed. */
  readonly optionalValue: RegExp | null;
  /** A dimension of the matrix: takes several values, each combination is a case. */
  readonly list: boolean;
  readonly choices: readonly string[];
  readonly initial: V;
  /** Its JSON schema as a key of a suite. */
  readonly json: JsonSchema;
  /** Reads the texts behind the flag (one per occurrence), or a suite's value (elements of an array). Throws `ValueMismatch`. */
  read(given: readonly unknown[]): V;
}

/** A value that a flag can't take; `index` tells which of several. */
export class ValueMismatch extends Error {
  override readonly name = "ValueMismatch";
  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

function readOne<T>(kind: ValueKind<T>, value: unknown, index: number): readonly T[] {
  const values = kind.read(value);
  if (values !== undefined) return values;
  const { expected, got, choices = [] } = kind.mismatchOf?.(value) ?? { ...kind, got: value };
  const hint = typeof got === "string" ? didYouMean(got.trim(), choices) : "";
  throw new ValueMismatch(`expected ${expected}, got ${showValue(got)}${hint}`, index);
}

/** Keeps the first of equal values: the same case twice is one case. */
function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

type Rest<V> = Omit<Flag<V>, keyof FlagFace | "optionalValue"> &
  Partial<Pick<Flag<V>, "optionalValue">>;

function complete<V>(face: FlagFace, rest: Rest<V>): Flag<V> {
  const initial = {
    aliases: [],
    llamaBench: [],
    forms: [],
    belongsTo: () => null,
    inSuite: true,
    besideResume: false,
  };
  return { ...initial, optionalValue: null, ...face, ...rest };
}

/** A dimension of the matrix; an `initial` of null leaves the choice to whoever runs the case. */
export function list<T>(
  kind: ValueKind<T>,
  initial: readonly NoInfer<T>[],
  face: FlagFace,
): Flag<readonly T[]>;
export function list<T>(
  kind: ValueKind<T>,
  initial: null,
  face: FlagFace,
): Flag<readonly T[] | null>;
export function list<T>(
  kind: ValueKind<T>,
  initial: readonly T[] | null,
  face: FlagFace,
): Flag<readonly T[] | null> {
  return complete<readonly T[] | null>(face, {
    argument: kind.commaSeparates ? `${kind.argument},…` : kind.argument,
    list: true,
    choices: kind.choices ?? [],
    initial,
    json: { anyOf: [kind.json, { type: "array", items: kind.json, minItems: 1 }] },
    read(given) {
      if (given.length === 0)
        throw new ValueMismatch(`expected ${kind.expected}, got an empty list`, 0);
      const values = given.flatMap((value, index) =>
        typeof value === "string" && kind.commaSeparates
          ? value.split(",").flatMap((part) => readOne(kind, part, index))
          : readOne(kind, value, index),
      );
      return distinct(values);
    },
  });
}

/** A single value for the whole run. */
export function scalar<T>(kind: ValueKind<T>, initial: NoInfer<T>, face: FlagFace): Flag<T>;
export function scalar<T>(kind: ValueKind<T>, initial: null, face: FlagFace): Flag<T | null>;
export function scalar<T>(kind: ValueKind<T>, initial: T | null, face: FlagFace): Flag<T | null> {
  return complete<T | null>(face, {
    argument: kind.argument,
    list: false,
    choices: kind.choices ?? [],
    initial,
    json: kind.json,
    read(given) {
      if (given.length > 1)
        throw new ValueMismatch(
          `expected one value, got ${given.length}: ${given.map(showValue).join(", ")}`,
          1,
        );
      const value = readOne(kind, given[0], 0)[0];
      if (value === undefined) throw new ValueMismatch(`expected ${kind.expected}`, 0);
      return value;
    },
  });
}

/** A dimension of the matrix for a command that asks for one of its values, under the same names. */
export function oneOf<T>(dimension: Flag<readonly T[]>): Flag<T> {
  const [initial] = dimension.initial;
  if (initial === undefined) throw new RangeError(`--${dimension.name} has no value to begin with`);
  return {
    ...dimension,
    argument: dimension.argument?.replace(/,…$/, "") ?? null,
    list: false,
    inSuite: false,
    initial,
    read(given) {
      const values = dimension.read(given);
      const [value] = values;
      if (value !== undefined && values.length === 1) return value;
      throw new ValueMismatch(
        `expected one value, got ${values.length}: ${given.map(showValue).join(", ")}`,
        0,
      );
    },
  };
}

/**
 * On when it is there, and what stands behind it goes with it where it looks like `value`: `--bundle`,
 * `--bundle mac.zip`. Reads as an empty text where it stands alone.
 */
export function switchWithValue(
  kind: ValueKind<string>,
  value: RegExp,
  face: FlagFace,
): Flag<string | null> {
  const needed = scalar(kind, null, face);
  return {
    ...needed,
    argument: `[${kind.argument}]`,
    optionalValue: value,
    read(given) {
      if (given.length === 1 && given[0] === "") return "";
      const wrong = given.findIndex((one) => typeof one !== "string" || !value.test(one));
      if (wrong === -1) return needed.read(given);
      throw new ValueMismatch(`expected ${kind.expected}, got ${showValue(given[wrong])}`, wrong);
    },
  };
}

/** On when it is there. */
export function toggle(face: FlagFace): Flag<boolean> {
  return complete<boolean>(face, {
    argument: null,
    list: false,
    choices: [],
    initial: false,
    json: { type: "boolean" },
    read([given]) {
      if (typeof given !== "boolean")
        throw new ValueMismatch(`expected true or false, got ${showValue(given)}`, 0);
      return given;
    },
  });
}
