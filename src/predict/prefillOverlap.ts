/**
 * Several cards that hold layers one behind the other work on several ubatches of a prompt at once: llama.cpp's pipeline
 * (pull request #6017, March 2024), where a backend has events between its devices. The first ubatch goes through all of
 * them; each further one costs what the slowest card takes, and what copies and waits leave idle.
 */
import { mean } from "simple-statistics";
import type { Datasheet } from "./datasheet.ts";
import type { PrefillWork } from "./prefillWork.ts";
import type { Timed } from "./timedWork.ts";

/**
 * What a further ubatch costs is an n-th of the first, and so much of it. Read off Llama 3 8B on 2 to 8 cards of 2024, and
 * Gemma 4 on two of 2026 (pull request #19378).
 */
const idleShare = 0.06;

/** What a further ubatch costs, of the time of the first; 1 where cards wait for each other. */
function atBest({ backend, deviceCount }: Datasheet): number {
  // Vulkan has no events between devices, and on ROCm more cards read prompts no faster (R9700, two of them).
  if (deviceCount < 2 || backend !== "cuda") return 1;
  return Math.min(1, 1 / deviceCount + idleShare);
}

/** How much longer, or shorter, than one ubatch after the other. */
export function overlapped(seconds: number, nUbatches: number, overlap: number): number {
  return nUbatches < 2 ? seconds : (seconds * (1 + overlap * (nUbatches - 1))) / nUbatches;
}

/** Whether cards could work on several of its ubatches at once. */
export function overlaps({ nUbatches }: PrefillWork, deviceCount: number): boolean {
  return deviceCount > 1 && nUbatches > 1;
}

/**
 * What a further ubatch of a prompt costs, of the time of the first. Rows of a model of the same layers tell it. Some models
 * overlap as well as can be and others of the same box not at all (Llama 3 70B at 4 bits on four cards: memory that is short
 * for the copies forbids it, and not it alone): without rows it is half-way, on logarithms.
 *
 * @param rows of several ubatches
 * @param serial seconds that the same would take with one ubatch after the other
 */
export function overlapFrom(
  rows: readonly Timed<PrefillWork>[],
  serial: (work: PrefillWork) => number,
  datasheet: Datasheet,
): (work: PrefillWork) => number {
  const told = rows.map(({ work, seconds }) => ({
    work,
    overlap: toldBy(seconds / serial(work), work.nUbatches),
  }));
  const others = mean([atBest(datasheet), ...told.map(({ overlap }) => overlap)]);
  return (work) => {
    const own = told.filter((one) => isAlike(one.work, work)).map(({ overlap }) => overlap);
    return own.length > 0 ? mean(own) : Math.sqrt(others);
  };
}

/** @param share of what one ubatch after the other would take */
function toldBy(share: number, nUbatches: number): number {
  const told = (share * nUbatches - 1) / (nUbatches - 1);
  return Math.min(1, Math.max(leastOverlap, told));
}

/** Sixteen cards, none of which ever waits. */
const leastOverlap = 1 / 16;

function isAlike(a: PrefillWork, b: PrefillWork): boolean {
  return a.nLayers === b.nLayers && a.width === b.width;
}
