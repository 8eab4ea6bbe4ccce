// @ts-check
// llama.cpp's buffers, as its log states them, against what llmbench predicted before loading a byte.
import { isMeasured, testName } from "../../dist/index.js";

/**
 * @typedef {import("../bench/llmbench.mjs").CaseRecord} CaseRecord
 * @typedef {import("./steps.mjs").Check} Check
 */

/** What a prediction may be off: 2%, or 16 MiB on small models. */
const allowedShare = 0.02;
const allowedBytes = 16 * 2 ** 20;

/**
 * Relative error of a prediction; null where one side is unknown or nothing was there.
 *
 * @param {number | null} predicted
 * @param {number | null} measured
 */
export function relativeError(predicted, measured) {
  return predicted === null || measured === null || measured === 0
    ? null
    : predicted / measured - 1;
}

/**
 * @param {number | null} predicted
 * @param {number | null} measured
 */
function isNear(predicted, measured) {
  if (predicted === null || measured === null) return false;
  const error = Math.abs(predicted - measured);
  return error <= allowedBytes || error <= allowedShare * measured;
}

/**
 * @param {readonly CaseRecord[]} cases
 * @returns {Check[]}
 */
export function memoryChecks(cases) {
  const measured = cases.filter(isMeasured);
  if (measured.length === 0) return [];
  return /** @type {const} */ (["device", "host"]).map((place) => {
    const pairs = measured.map((record) => ({
      record,
      predicted: record.memory[`${place}Predicted`],
      seen: record.memory[`${place}Measured`],
    }));
    const far = pairs.filter(({ predicted, seen }) => !isNear(predicted, seen));
    const errors = pairs.flatMap(({ predicted, seen }) => relativeError(predicted, seen) ?? []);
    const range =
      errors.length === 0
        ? "nothing there"
        : `${percent(Math.min(...errors))} to ${percent(Math.max(...errors))}`;
    const [worst] = far;
    return {
      what: `${place} memory predicted, ${pairs.length} cases`,
      outcome: far.length === 0 ? "passed" : "failed",
      detail:
        worst === undefined
          ? range
          : `${range}; ${far.length} off, ${nameOf(worst.record)} for one`,
    };
  });
}

/** @param {CaseRecord} record */
function nameOf({ model, workload }) {
  return `${model.id} ${testName(workload)}`;
}

/** @param {number} share */
export function percent(share) {
  return `${share >= 0 ? "+" : "−"}${Math.abs(100 * share).toFixed(1)}%`;
}
