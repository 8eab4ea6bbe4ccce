/** What `± 0.00` in a table says: nothing, where each case was measured once; else a spread below what is printed. */
import { groupBy } from "../base/groupBy.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";

/** Of the two decimals of llama-bench's table. */
const halfStep = 0.005;

/**
 * llama-bench prints 0 for the spread of a single repetition (`stdev`, tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0),
 * and takes as many repetitions of one case of a run as of another: where one spread of a run is more, the others that are
 * printed as 0.00 are real and below half a hundredth.
 * @param runs of each record a number that its run's share.
 */
export function withRealSpreads(
  records: readonly CaseRecord[],
  runs: readonly number[],
): CaseRecord[] {
  const byRun = groupBy(records.keys(), (at) => runs[at]);
  const isRepeated = new Map(
    [...byRun].map(([run, own]) => [run, own.some((at) => hasSpread(records[at]))]),
  );
  return records.map((record, at) => {
    if (!isPrintedZero(record)) return record;
    const sd = isRepeated.get(runs[at]) === true ? halfStep : null;
    return { ...record, summary: { ...record.summary, sd } };
  });
}

/** Tables tell no times. */
function isPrintedZero(record: CaseRecord): record is MeasuredRecord {
  if (!isMeasured(record)) return false;
  const { meanNs, values, sd } = record.summary;
  return meanNs === null && values.length === 0 && sd !== null && sd <= halfStep;
}

function hasSpread(record: CaseRecord | undefined): boolean {
  if (record === undefined || !isMeasured(record)) return false;
  const { sd } = record.summary;
  return sd !== null && sd > halfStep;
}
