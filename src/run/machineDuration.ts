/** How long a test of the machine alone will take: nothing was measured yet, so by what processors and GPUs are known to do. */
import type { MachineWorkload } from "../bench/workload.ts";
import {
  atEachEnd,
  launchesSeconds,
  type Duration,
  type End,
  type Repeating,
} from "../predict/caseDuration.ts";

/** What decides it: how often it is measured, and how large a pass is. */
export interface MachineQuestion extends Repeating {
  readonly workload: MachineWorkload;
  /** Threads of the CPU; null on a GPU. */
  readonly nThreads: number | null;
}

/** To start, to fill what is computed with, to rest, and the burst. */
const beforeSeconds = 2;

/** A repetition is as many passes as that holds, at least one. */
const repetitionSeconds = 0.25;

/** Passes before the repetitions, and those that don't agree with the burst. */
const passesBefore = 4;

/** Operations a second: of one thread, between i-quants without vector instructions and F16 with them; of GPUs from small to large. Assumed. */
const pace = {
  thread: { low: 120e9, centre: 60e9, high: 10e9 },
  gpu: { low: 500e12, centre: 20e12, high: 0.5e12 },
};

export function machineDuration(question: MachineQuestion): Duration {
  return atEachEnd((end) => secondsOf(question, end));
}

function secondsOf(question: MachineQuestion, end: End): number {
  const { workload, nThreads } = question;
  const operations = workload.kind === "matmul" ? 2 * workload.size ** 3 : 0;
  const perSecond = nThreads === null ? pace.gpu[end] : nThreads * pace.thread[end];
  const pass = operations / perSecond;
  const before = beforeSeconds + passesBefore * pass;
  const repetition = Math.max(repetitionSeconds, pass);
  return launchesSeconds(question, end, { before, warmUp: 0, repetition });
}
