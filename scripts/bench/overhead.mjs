// @ts-check
// What a whole command takes beside the work that it was asked for: starting, planning, reporting, ending.
import { median } from "simple-statistics";
import { isMeasured, isTimed } from "../../dist/index.js";

/**
 * @typedef {import("../../dist/index.js").CaseRecord} CaseRecord
 * @typedef {{ cases: readonly CaseRecord[], wallMs: number, cpuMs: number | null }} WholeCommand
 */

const nsInMs = 1e6;

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * Time of a command's repetitions that count, in ms.
 *
 * @param {WholeCommand} command
 */
function samplesMs({ cases }) {
  return sum(
    cases.filter(isMeasured).map(({ summary: { meanNs, repetitions } }) => {
      return ((meanNs ?? 0) * (repetitions ?? 0)) / nsInMs;
    }),
  );
}

/**
 * Whole repetitions that warm up, and loads: of cases that one process measured one after the other, the same load. Only
 * llmbench tells them.
 *
 * @param {WholeCommand} command
 */
function preparingMs({ cases }) {
  const launches = cases.filter(isMeasured).flatMap(({ launches: all }) => all.filter(isTimed));
  const loads = new Set(launches.map(({ readings }) => readings.loadMs ?? 0));
  const warmUps = sum(launches.flatMap(({ warmupNs }) => warmupNs)) / nsInMs;
  return warmUps + sum([...loads]);
}

/**
 * Lines that say what whole commands took: medians over the rounds.
 *
 * @param {{ ours: readonly WholeCommand[], theirs: readonly WholeCommand[] }} commands
 * @returns {string[]}
 */
export function overheadLines({ ours, theirs }) {
  const fixed = median(ours.map((one) => one.wallMs - samplesMs(one) - preparingMs(one)));
  const [our, their] = [ours, theirs].map((all) => {
    return median(all.map((one) => one.wallMs - samplesMs(one)));
  });
  return [
    `fixed overhead of llmbench: ${seconds(fixed)} beside repetitions, warm-ups and loads`,
    `beside repetitions alone: llmbench ${seconds(our)}, llama-bench ${seconds(their)}`,
    ...processorLines(ours, theirs),
  ];
}

/**
 * @param {readonly WholeCommand[]} ours
 * @param {readonly WholeCommand[]} theirs
 */
function processorLines(ours, theirs) {
  const [our, their] = [ours, theirs].map((all) => all.map(({ cpuMs }) => cpuMs ?? Number.NaN));
  if (our === undefined || their === undefined || [...our, ...their].some(Number.isNaN)) return [];
  const [ourMs, theirMs] = [median(our), median(their)];
  return [
    `processor time of all processes: llmbench ${seconds(ourMs)}, llama-bench ${seconds(theirMs)}, difference ${seconds(ourMs - theirMs)}`,
  ];
}

/** @param {number | undefined} ms */
function seconds(ms = Number.NaN) {
  return `${(ms / 1000).toFixed(2)} s`;
}
