/**
 * What a column of the CSV is, and how it stands to a case's record: a column that is a field of one of the record's parts
 * is written from there and read back to there; any other is made of the record as a whole.
 */
import { z } from "zod";
import {
  summaryOf,
  type CaseFacts,
  type CaseRecord,
  type EngineFacts,
  type FitFacts,
  type MachineFacts,
  type MemoryFacts,
  type ModelFacts,
  type SettingFacts,
} from "../../bench/record.ts";
import type { CaseReadings } from "../../bench/readings.ts";
import type { Summary, Sustained, TokenPercentiles } from "../../bench/summary.ts";

/** Of the table in docs/results.md: unit, meaning, and when the cell is empty. */
export type Doc = readonly [unit: string, meaning: string, empty: string];

/** The parts of a record that columns are fields of. */
export interface Parts {
  readonly case: Pick<
    CaseFacts,
    | "id"
    | "runId"
    | "seed"
    | "testTime"
    | "predictedTs"
    | "predictedLowTs"
    | "predictedHighTs"
    | "predictedBasis"
    | "shareOfRoof"
    | "source"
  >;
  readonly machine: MachineFacts;
  readonly engine: EngineFacts;
  readonly model: ModelFacts;
  readonly settings: SettingFacts;
  readonly fit: FitFacts;
  readonly memory: MemoryFacts;
  readonly summary: Summary;
  readonly sustained: Sustained;
  readonly tokenMs: TokenPercentiles;
  readonly readings: CaseReadings;
}
export type PartName = keyof Parts;

/** Where reading puts the cell. */
export interface Place {
  readonly part: PartName;
  readonly field: string;
}

/** Readers go by it; nothing fills it yet. */
export type Standing = "read" | "reserved";

export interface Column<Value = unknown, Stands extends Standing = Standing> {
  /** JSON's type of the value, and what is refused. */
  readonly schema: z.ZodType<Value>;
  readonly doc: Doc;
  readonly of: (record: CaseRecord) => Value;
  /** Null for what is made of the record as a whole. */
  readonly place: Place | null;
  readonly standing: Stands;
}

export const parts: { readonly [Part in PartName]: (record: CaseRecord) => Parts[Part] | null } = {
  case: (record) => record,
  machine: ({ machine }) => machine,
  engine: ({ engine }) => engine,
  model: ({ model }) => model,
  settings: ({ settings }) => settings,
  fit: ({ fit }) => fit,
  memory: ({ memory }) => memory,
  summary: summaryOf,
  sustained: (record) => summaryOf(record)?.sustained ?? null,
  tokenMs: (record) => summaryOf(record)?.tokenMs ?? null,
  readings: (record) => summaryOf(record)?.readings ?? null,
};

/** Columns that are fields of one part; where a record lacks the part they are unknown. */
export function fieldsOf<Part extends PartName>(part: Part) {
  return <Field extends keyof Parts[Part] & string>(
    field: Field,
    schema: z.ZodType<Parts[Part][Field]>,
    ...doc: Doc
  ): Column<Parts[Part][Field], "read"> => ({
    schema,
    doc,
    of(record) {
      const own = parts[part](record);
      // The schemas of parts that a record can lack all take null.
      return own === null ? (null as Parts[Part][Field]) : own[field];
    },
    place: { part, field },
    standing: "read",
  });
}

/** A column that is made of the record as a whole. */
export function made<Value>(
  schema: z.ZodType<Value>,
  of: (record: CaseRecord) => Value,
  ...doc: Doc
): Column<Value, "read"> {
  return { schema, doc, of, place: null, standing: "read" };
}

/** A column of the contract that nothing fills yet. */
export function reserved<Value>(
  schema: z.ZodType<Value | null>,
  ...doc: Doc
): Column<Value | null, "reserved"> {
  return { schema, doc, of: () => null, place: null, standing: "reserved" };
}

// A file written before a column was added lacks it, and stays readable: absent is unknown.
export const text = z.string().nullable().default(null);
export const count = z.number().int().nullable().default(null);
export const real = z.number().nullable().default(null);
/** Work that was done has a speed: 0 would claim that it was measured and took forever. */
export const speed = z.number().positive();
/** Of repetitions. */
export const samples = z.array(speed).default([]);
export const texts = z.array(z.string()).default([]);

export function oneOf<const Names extends readonly [string, ...string[]]>(names: Names) {
  return z.enum(names).nullable().default(null);
}
