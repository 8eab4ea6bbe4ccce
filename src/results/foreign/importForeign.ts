/** What other programs print and save as cases of ours. */
import { describeIssues } from "../../base/schemaIssues.ts";
import type { CaseRecord, MeasuredRecord } from "../../bench/record.ts";
import { isMeasured } from "../../bench/record.ts";
import { ownMetric } from "../../bench/workload.ts";
import { LlmbenchError } from "../../errors.ts";
import { caseOf, type ImportContext } from "../importCase.ts";
import { benchRecordSchema, type BenchRecord } from "../importRecord.ts";
import type { ToldCase } from "../runsOfRows.ts";
import { TooManyRows } from "./found.ts";
import type { ForeignRows, LeftOutRow } from "./foreignRows.ts";
import { toldAgain } from "./printedTwice.ts";
import { isNameless } from "./tools/namelessModel.ts";
import {
  recordsOfDatabase,
  recordsOfText,
  type ForeignRecords,
  type ToldRecord,
} from "./readRecords.ts";
import { UnreadableDatabase } from "./containers/database.ts";

export interface ForeignCases extends ForeignRows {
  /** In the file's order. */
  readonly cases: readonly ToldCase[];
  /** Rows whose model no line names. */
  readonly nameless: number;
}

/**
 * Cases of a text; null where no program that is known wrote it.
 * @param place the file's name, for errors.
 * @throws LlmbenchError `input` where such a program wrote it and not one row can be read, or more than memory holds.
 */
export function importForeign(
  text: string,
  place: string,
  context: ImportContext,
): ForeignCases | null {
  try {
    return casesOf(recordsOfText(text, place), place, context);
  } catch (error) {
    if (!(error instanceof TooManyRows)) throw error;
    throw new LlmbenchError("input", `${place}: ${error.message}`, { cause: error });
  }
}

/** The same of a SQLite database's bytes. */
export function importDatabase(
  bytes: Buffer,
  place: string,
  context: ImportContext,
): ForeignCases | null {
  try {
    return casesOf(recordsOfDatabase(bytes, place), place, context);
  } catch (error) {
    if (!(error instanceof UnreadableDatabase)) throw error;
    throw new LlmbenchError(
      "input",
      `${place}: a SQLite database that can't be read (${error.message}); ` +
        "give a copy that no program has open, or what `sqlite3 FILE .dump` prints",
      { cause: error },
    );
  }
}

interface Checked {
  readonly told: ToldRecord;
  readonly record: BenchRecord;
}

function casesOf(
  { records, leftOut, headers, complaint }: ForeignRecords,
  place: string,
  context: ImportContext,
): ForeignCases | null {
  const again = toldAgain(records);
  const checked: Checked[] = [];
  /** A row of several measurements is named once, where none of them can be read. */
  const refusedRows = new Map<ToldRecord["row"], string>();
  for (const told of records) {
    const twin = again.get(told);
    const result =
      twin === undefined ? check(told) : `${twin.row.place} tells it, and more exactly`;
    if (typeof result !== "string") checked.push({ told, record: result });
    else if (!refusedRows.has(told.row)) refusedRows.set(told.row, result);
  }
  const read = new Set(checked.map(({ told }) => told.row));
  const refused: LeftOutRow[] = [
    ...leftOut,
    ...[...refusedRows].flatMap(([row, reason]) =>
      read.has(row) ? [] : [{ place: row.place, reason }],
    ),
  ];
  if (checked.length === 0) {
    const problem = nothingRead(refused, headers, complaint);
    if (problem === null) return null;
    throw new LlmbenchError("input", `${place}: ${problem}`);
  }
  const nameless = new Set(
    checked.flatMap(({ told }) => (isNameless(told.fields) ? [told.row] : [])),
  );
  return {
    cases: checked.map((one, index) => ({
      record: caseOfTool(one, index, context),
      invocation: one.record.invocation ?? null,
    })),
    read: read.size,
    nameless: [...read].filter((row) => nameless.has(row)).length,
    leftOut: refused,
    tools: [...new Set([...read].map(({ tool }) => tool))],
  };
}

/** The record with plain types; a text says why it is none. */
function check({ fields, invocation }: ToldRecord): BenchRecord | string {
  const input = invocation === null ? fields : { ...fields, invocation };
  const result = benchRecordSchema.safeParse(input);
  if (!result.success) return describeIssues(result.error, input, benchRecordSchema);
  const { n_prompt, n_gen } = result.data;
  return n_prompt > 0 || n_gen > 0 ? result.data : "it has neither prompt nor generation";
}

/** Null where nothing is there. */
function nothingRead(
  refused: readonly LeftOutRow[],
  headers: ForeignRecords["headers"],
  complaint: string | null,
): string | null {
  const [first, ...more] = refused;
  if (first !== undefined) {
    const all = more.length === 0 ? "" : `none of its ${refused.length} rows can be read; `;
    return `${all}${first.place}: ${first.reason}`;
  }
  const [header] = headers;
  if (header === undefined) return null;
  const where = header.line > 0 ? ` (line ${header.line})` : "";
  const why = complaint === null ? "" : `: ${complaint}`;
  return `${header.tool}'s output begins${where} and has no row; nothing was measured when it was saved${why}`;
}

function caseOfTool({ told, record }: Checked, index: number, context: ImportContext): CaseRecord {
  const found = caseOf(record, index, context);
  if (!isMeasured(found)) return found;
  const { workload = found.workload, engine, machine } = told;
  const { tool } = told.row;
  const other: MeasuredRecord = {
    ...found,
    id: `${tool}-${index}`,
    runId: tool,
    workload,
    engine: { ...found.engine, ...engine },
    machine: { ...found.machine, ...machine },
    summary: { ...found.summary, metric: ownMetric(workload) },
  };
  return other;
}
