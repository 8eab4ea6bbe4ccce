/**
 * Rows of one file that tell one case again. Rows of several runs of the program are launches of the case; rows of one run
 * share its process and its luck, and are repetitions of one launch. All of them count, none for being the best.
 */
import { mean } from "simple-statistics";
import { groupBy } from "../base/groupBy.ts";
import { isNonEmpty, type Launch } from "../bench/launch.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import type { Summary } from "../bench/summary.ts";
import { testName } from "../bench/workload.ts";
import { summarize } from "../statistics/launchSummary.ts";
import { runsOf, type ToldCase } from "./runsOfRows.ts";
import { untoldLaunches } from "./toldLaunches.ts";
import { withRealSpreads } from "./printedSpread.ts";

export interface JoinedCases {
  readonly cases: readonly CaseRecord[];
  /** What was joined, or left out for being told twice. */
  readonly notes: readonly string[];
}

interface RowOfRun {
  readonly record: MeasuredRecord;
  readonly run: number;
}

/** @param told in the file's order. */
export function joinRepeats(told: readonly ToldCase[]): JoinedCases {
  const runs = runsOf(told);
  const records = withRealSpreads(
    told.map(({ record }) => record),
    runs,
  );
  const rows = records.map((record, at) => ({ record, run: runs[at] ?? 0 }));
  const joined: Joined[] = [];
  const cases = [...groupBy(rows, ({ record }) => caseKey(record))].map(([, group]) => {
    const measured = group.filter((row): row is RowOfRun => isMeasured(row.record));
    const [first] = group;
    if (first === undefined || measured.length < 2) return group.map(({ record }) => record);
    const own = withoutCopies(measured);
    const record = own.length === 1 ? first.record : joinedRecord(own);
    joined.push({
      record,
      rows: own.length,
      runs: runCount(own),
      copies: group.length - own.length,
    });
    return [record];
  });
  return { cases: cases.flat(), notes: notesOf(joined) };
}

/** Whatever makes it another case. */
function caseKey({ machine, engine, model, settings, workload }: CaseRecord): string {
  return JSON.stringify([machine, engine, model, settings, workload]);
}

/** One measurement that the file holds twice: it began at the same time, and came to the same. */
function withoutCopies(rows: readonly RowOfRun[]): RowOfRun[] {
  const known = new Set<string>();
  return rows.filter(({ record: { testTime, summary } }) => {
    if (testTime === null) return true;
    const measurement = JSON.stringify([testTime, summary.meanNs, summary.mean, summary.sd]);
    if (known.has(measurement)) return false;
    known.add(measurement);
    return true;
  });
}

function runCount(rows: readonly RowOfRun[]): number {
  return new Set(rows.map(({ run }) => run)).size;
}

function joinedRecord(rows: readonly RowOfRun[]): MeasuredRecord {
  const [first] = rows.map(({ record }) => record);
  if (first === undefined) throw new Error("no rows to join");
  const runs = [...groupBy(rows, ({ run }) => run).values()].map((own) =>
    own.map(({ record }) => record.summary),
  );
  const values = runs.flat().every((summary) => summary.values.length > 0)
    ? runs.map((own) => own.flatMap((summary) => summary.values))
    : null;
  const told: Launch[] = values?.map((own): Launch => ({ kind: "told", values: own })) ?? [];
  return {
    ...first,
    launches: isNonEmpty(told) ? told : untoldLaunches,
    summary: joinedSummary(runs, values) ?? first.summary,
  };
}

/**
 * Rows without samples stand as their means, a repetition each: what they scattered by in themselves is less than what they
 * differ by, or lost. The interval is that of the rows' means in any case, since samples of one row are no more independent
 * of each other than repetitions of one launch (Kalibera & Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013).
 * @param runs of each run its rows.
 * @param values every sample of each run; null where a row doesn't tell them.
 */
function joinedSummary(
  runs: readonly (readonly Summary[])[],
  values: readonly (readonly number[])[] | null,
): Summary | null {
  const means = runs.map((rows) => rows.map((row) => row.mean));
  const spread = summarize(values ?? means);
  const [[first] = []] = runs;
  if (spread === null || first === undefined) return null;
  const times = runs.flat().flatMap(({ meanNs }) => meanNs ?? []);
  return {
    ...first,
    launches: runs.length,
    repetitions: (values ?? means).flat().length,
    meanNs: times.length === runs.flat().length ? mean(times) : null,
    sdNs: null,
    mean: spread.mean,
    sd: spread.sd,
    median: spread.median,
    mad: spread.mad,
    min: spread.min,
    max: spread.max,
    ci95: summarize(means)?.ci95 ?? spread.ci95,
    sdWithin: spread.sdWithin,
    sdBetween: spread.sdBetween,
    values: values?.flat() ?? [],
  };
}

interface Joined {
  readonly record: CaseRecord;
  readonly rows: number;
  readonly runs: number;
  readonly copies: number;
}

/** A sweep that was measured again has hundreds. */
const mostNotes = 8;

function notesOf(joined: readonly Joined[]): string[] {
  const notes = joined.map(noteOf);
  const rows = joined.slice(mostNotes).reduce((sum, one) => sum + one.rows + one.copies, 0);
  const left = notes.length - mostNotes;
  return [
    ...notes.slice(0, mostNotes),
    ...(left > 0
      ? [`${left} more cases are told by several rows each, ${rows} in all: they were joined alike`]
      : []),
  ];
}

function noteOf({ record, rows, runs, copies }: Joined): string {
  const { model, workload } = record;
  const name = [model.id, model.quantization, testName(workload)].filter((word) => word !== null);
  const twice = copies === 0 ? "" : `; ${copies} that tell the same measurement again are left out`;
  if (rows === 1) return `${name.join(" ")}: one row counts${twice}`;
  const as = runs === 1 ? "repetitions of one run" : `${runs} launches`;
  return `${name.join(" ")}: ${rows} rows were joined as ${as}${extentOf(record)}${twice}`;
}

/** `, 1200 to 1800 t/s around 1500`. */
function extentOf(record: CaseRecord): string {
  if (!isMeasured(record)) return "";
  const { mean: centre, min, max } = record.summary;
  if (min === null || max === null) return "";
  const [low, high, middle] = [min, max, centre].map((value) => Number(value.toPrecision(4)));
  return `, ${low} to ${high} t/s around ${middle}`;
}
