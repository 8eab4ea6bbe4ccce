/** Repeats a case until its rule says enough; what the machine slept through is dropped and taken again. */
import type { StopReason } from "../../bench/stopReasons.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { RepetitionRule } from "../../bench/repetitions.ts";
import { isTimeUp, stopReason } from "../child/stopRule.ts";

/** One repetition: its time, and whether the machine slept in it. */
export interface Timed {
  readonly ns: number;
  readonly slept: boolean;
}

export interface Repeating {
  readonly rule: RepetitionRule;
  /** @param repetition from 1 */
  readonly repeat: (repetition: number) => Timed;
  /** Whether a repetition only warms up, asked until the first that doesn't, or the time is up. */
  readonly isWarmup: (ns: number) => boolean;
  /** Hears of each repetition that counts, right behind it. */
  readonly onKept: () => void;
  readonly onSample: (ns: number) => void;
  /** Monotonic. */
  readonly nowNs: () => number;
  /** When the first warm-up began: `maxSeconds` counts from there. */
  readonly beganNs: number;
}

export interface Repeated {
  readonly samplesNs: readonly number[];
  /** When each sample began, in ns since the first one was begun. */
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
export function repeatUntilEnough(repeating: Repeating): Repeated {
  const { rule, repeat, isWarmup, onKept, onSample, nowNs, beganNs } = repeating;
  const samplesNs: number[] = [];
  const startedNs: number[] = [];
  let suspended = 0;
  let warm = false;
  let firstNs = nowNs();
  const awake = (): number => {
    for (;;) {
      const { ns, slept } = repeat(samplesNs.length + 1);
      if (!slept && !warm && !isTimeUp(nowNs() - beganNs, rule) && isWarmup(ns)) {
        firstNs = nowNs();
        continue;
      }
      if (!slept) {
        warm = true;
        onKept();
        return ns;
      }
      suspended += 1;
      if (suspended > mostSuspended) {
        throw new EngineFailure("engine", `the machine slept in ${suspended} repetitions`);
      }
    }
  };
  const sample = isSustained(rule) ? () => meanOver(leastSustainedNs, awake) : awake;

  let stoppedBy: StopReason | null = null;
  while (stoppedBy === null) {
    const started = nowNs();
    const ns = sample();
    // Repetitions that turned out to warm up went before the first.
    startedNs.push(Math.max(started, firstNs) - firstNs);
    samplesNs.push(ns);
    onSample(ns);
    const since = isSustained(rule) ? firstNs : beganNs;
    stoppedBy = stopReason(samplesNs, nowNs() - since, rule);
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
