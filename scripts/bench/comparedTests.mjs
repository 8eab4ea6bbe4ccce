// @ts-check
// The tests of paired runs, compared one by one, and as columns of a table.
import { median } from "simple-statistics";
import { testName } from "../../dist/index.js";
import { judgeRatio, pairedRatio } from "./ratio.mjs";

/**
 * @typedef {import("../../dist/index.js").CaseRecord} CaseRecord
 *
 * @typedef {object} ComparedTest
 * @property {string} test
 * @property {number[]} ours tokens per second, a figure a round
 * @property {number[]} theirs
 * @property {(readonly number[])[]} samples_ours of each round
 * @property {(readonly number[])[]} samples_theirs
 * @property {import("./ratio.mjs").PairedRatio} paired
 * @property {number} tolerance
 * @property {import("./ratio.mjs").Verdict} verdict
 */

/**
 * @param {readonly { ours: readonly CaseRecord[], theirs: readonly CaseRecord[] }[]} pairs
 * @param {number} tolerance
 * @param {"mean" | "median"} [centre] of a run's repetitions
 * @returns {ComparedTest[]} as the first run lists its tests
 */
export function comparedTests(pairs, tolerance, centre = "mean") {
  const names = pairs[0]?.ours.map(({ workload }) => testName(workload)) ?? [];
  /** @param {{ readonly mean: number, readonly values: readonly number[] } | null} summary */
  const figure = (summary) => {
    if (summary === null) return Number.NaN;
    return centre === "mean" ? summary.mean : median([...summary.values]);
  };
  return names.map((test) => {
    /** @param {"ours" | "theirs"} side */
    const summaries = (side) =>
      pairs.map((pair) => measuredTest(pair[side], test)?.summary ?? null);
    const [ourSummaries, theirSummaries] = [summaries("ours"), summaries("theirs")];
    const [ours, theirs] = [ourSummaries.map(figure), theirSummaries.map(figure)];
    const paired = pairedRatio(
      ours.map((own, round) => ({ ours: own, theirs: theirs[round] ?? Number.NaN })),
    );
    return {
      test,
      ours,
      theirs,
      samples_ours: ourSummaries.map((summary) => summary?.values ?? []),
      samples_theirs: theirSummaries.map((summary) => summary?.values ?? []),
      paired,
      tolerance,
      verdict: judgeRatio(paired, tolerance),
    };
  });
}

/**
 * @param {readonly CaseRecord[]} cases
 * @param {string} test
 */
export function measuredTest(cases, test) {
  const record = cases.find(({ workload }) => testName(workload) === test);
  return record?.status === "measured" ? record : null;
}

export const ratioColumns = ["ratio", "95% interval", "allowed", "verdict"];

/** @param {number} speed tokens per second */
function shownSpeed(speed) {
  return speed.toFixed(speed >= 1000 ? 0 : 2);
}

/**
 * The test, their speed, ours, and `ratioColumns`.
 *
 * @param {ComparedTest} compared
 */
export function comparedCells({ test, ours, theirs, paired, tolerance, verdict }) {
  const { ratio, interval } = paired;
  return [
    test,
    shownSpeed(median(theirs)),
    shownSpeed(median(ours)),
    ratio.toFixed(3),
    intervalText(interval),
    `±${tolerance}`,
    verdict,
  ];
}

/** @param {import("./ratio.mjs").Interval | null} interval */
export function intervalText(interval) {
  return interval === null
    ? "too few rounds"
    : `${interval.low.toFixed(3)}–${interval.high.toFixed(3)}`;
}

/** @param {readonly ComparedTest[]} tests */
export function exitCodeOf(tests) {
  return tests.some(({ verdict }) => verdict === "outside") ? 1 : 0;
}
