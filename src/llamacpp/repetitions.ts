/** Repeats a case until its rule says enough; what the machine slept through is dropped and taken again. */
import type { StopReason } from "../bench/stopReasons.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { RepetitionRule } from "../bench/repetitions.ts";
import { stopReason } from "./stopRule.ts";

/** One repetition: its time, and whether the machine slept in it. */
export interface Timed {
  readonly ns: number;
  readonly slept: boolean;
}

export interface Repeating {
  readonly rule: RepetitionRule;
  /** @param repetition from 1 */
  readonly repeat: (repetition: number) => Timed;
  readonly onSample: (ns: number) => void;
  /** Monotonic. */
  readonly nowNs: () => number;
}

export interface Repeated {
  readonly samplesNs: readonly number[];
  /** When each sample began, in ns since the first did. */
  readonly startedNs: readonly number[];
  /** Repetitions that were dropped. */
  readonly suspended: number;
  readonly stoppedBy: StopReason;
}

/** A machine that sleeps more often than this would keep us up all night. */
const mostSuspended = 10;

/** Ten minutes of a toy's repetitions would be millions of samples: shorter ones are averaged over this time. */
const leastSustainedNs = 100e6;

/** @throws {EngineFailure} at `engine` where the machine sleeps again and again; what `repeat` throws. */
export function repeatUntilEnough({ rule, repeat, onSample, nowNs }: Repeating): Repeated {
  const samplesNs: number[] = [];
  const startedNs: number[] = [];
  let suspended = 0;
  const awake = (): number => {
    for (;;) {
      const { ns, slept } = repeat(samplesNs.length + 1);
      if (!slept) return ns;
      suspended += 1;
      if (suspended > mostSuspended) {
        throw new EngineFailure("engine", `the machine slept in ${suspended} repetitions`);
      }
    }
  };
  const sample = isSustained(rule) ? () => meanOver(leastSustainedNs, awake) : awake;

  const began = nowNs();
  let stoppedBy: StopReason | null = null;
  while (stoppedBy === null) {
    const started = nowNs() - began;
    const ns = sample();
    samplesNs.push(ns);
    startedNs.push(started);
    onSample(ns);
    stoppedBy = stopReason(samplesNs, nowNs() - began, rule);
  }
  return { samplesNs, startedNs, suspended, stoppedBy };
}

function isSustained(rule: RepetitionRule): boolean {
  return typeof rule === "object" && "sustainSeconds" in rule;
}

function meanOver(leastNs: number, repeat: () => number): number {
  let [sum, count] = [0, 0];
  while (sum < leastNs) {
    sum += repeat();
    count += 1;
  }
  return sum / count;
}
