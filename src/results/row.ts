/** A case as rows have it: the CSV's columns, and what only the journal keeps. */
import { z } from "zod";
import {
  columnNames,
  columns,
  isRead,
  isReserved,
  type CaseRow,
  type ColumnName,
  type ReadColumnName,
  type ReservedColumnName,
} from "./columns/columns.ts";
import { journalKeys, type JournalKeys } from "./journalKeys.ts";
import { launchSamplesSchema } from "./launchLine.ts";

/** Columns first, in the CSV's order. */
export type JournalRow = CaseRow & JournalKeys;

/** The same as the journal's lines have it: without the columns that nothing fills yet. */
export type LineRow = Omit<JournalRow, ReservedColumnName>;

/** Columns that a line has, in its order. */
export const lineColumnNames: readonly ColumnName[] = columnNames.filter(
  (name) => !isReserved(name),
);

/** What a reader wants of a case: the columns that it goes by, and some of the journal's keys. */
export type ReadRow = Pick<CaseRow, ReadColumnName> & Partial<JournalKeys>;

export type RowSchema = z.ZodObject & z.ZodType<ReadRow>;

function schemasOf(names: readonly string[], of: Readonly<Record<string, { schema: z.ZodType }>>) {
  return Object.fromEntries(names.map((name) => [name, of[name]?.schema ?? z.unknown()]));
}

/**
 * Of the columns that readers go by. With more than 128 keys a row's object would be one that V8 copies ten
 * times as slowly.
 */
const columnSchemas = schemasOf(columnNames.filter(isRead), columns) as {
  readonly [Name in ReadColumnName]: (typeof columns)[Name]["schema"];
};

/** All that the journal keeps. */
export const journalRowSchema = z.object({
  ...columnSchemas,
  ...(schemasOf(Object.keys(journalKeys), journalKeys) as {
    readonly [Key in keyof JournalKeys]: z.ZodType<JournalKeys[Key]>;
  }),
}) as unknown as RowSchema;

/** What reports need: figures, how to repeat a case, and why one failed. */
export const reportedRowSchema = z.object({
  ...columnSchemas,
  output_nmse: journalKeys.output_nmse.schema,
  speed_over_time: journalKeys.speed_over_time.schema,
  llama_bench: journalKeys.llama_bench.schema,
  stderr_tail: journalKeys.stderr_tail.schema,
}) as unknown as RowSchema;

/** What comparisons need besides: the samples of each launch. */
export const comparedRowSchema = reportedRowSchema.extend({
  launch_results: z.array(launchSamplesSchema).default([]),
}) as unknown as RowSchema;
