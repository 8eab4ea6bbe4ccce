// @ts-check
// What paired runs took of the processor for each token of a test: unlike their speeds, it hardly feels what else runs.
import { median } from "simple-statistics";
import { repetitionTokens } from "../../dist/maintenance.js";
import { intervalText, measuredTest } from "./comparedTests.mjs";
import { pairedRatio } from "./ratio.mjs";

/** @typedef {import("../../dist/index.js").CaseRecord} CaseRecord */

export const processorColumns = ["CPU ms a token, theirs", "ours", "ratio", "95% interval"];

/**
 * Of one test: milliseconds of all threads for each token, and the ratio of ours to theirs; empty cells where the engine
 * doesn't tell.
 *
 * @param {readonly { ours: readonly CaseRecord[], theirs: readonly CaseRecord[] }[]} pairs
 * @param {string} test
 */
export function processorCells(pairs, test) {
  const times = pairs.map(({ ours, theirs }) => ({
    ours: msPerToken(ours, test),
    theirs: msPerToken(theirs, test),
  }));
  if (times.some(({ ours, theirs }) => Number.isNaN(ours / theirs)))
    return processorColumns.map(() => "");
  const { ratio, interval } = pairedRatio(times);
  const shown = [times.map(({ theirs }) => theirs), times.map(({ ours }) => ours)];
  return [
    ...shown.map((values) => median(values).toPrecision(4)),
    ratio.toFixed(3),
    intervalText(interval),
  ];
}

/**
 * @param {readonly CaseRecord[]} cases
 * @param {string} test
 */
function msPerToken(cases, test) {
  const record = measuredTest(cases, test);
  const ms = record?.summary.readings.cpuMs ?? Number.NaN;
  return record === null ? Number.NaN : ms / repetitionTokens(record.workload);
}
