/** Seconds that a stretch of tokens takes, from tests at several lengths or depths. */
import type { CaseRecord } from "../../bench/record.ts";
import type { StandardError } from "../judge/logRatio.ts";
import { leastSure } from "./leastSure.ts";
import { neverFalling, type Stretch } from "./neverFalling.ts";
import { paceTests, type PacedKind, type PaceTest } from "./paceTests.ts";
import {
  areaBelow,
  bounded,
  growthOf,
  interpolation,
  steadyGrowth,
  type Point,
} from "./straightLines.ts";

export interface Seconds {
  readonly low: number;
  readonly high: number;
}

/**
 * Seconds from an empty context up to `tokens`. Within the measured depths one value; beyond them the pace at the end
 * held (low), or slowing on as it did before (high).
 */
export interface PaceCurve {
  /** Tokens up to which something was measured. */
  readonly end: number;
  /** Relative, of the tests that it goes through; null where no spread is known. */
  readonly error: StandardError | null;
  upTo(tokens: number): Seconds;
}

/**
 * Slowing per token of depth, as a share of the pace at the start, where a single depth tells none: the steepest in the
 * published tables of Llama 3 (pp F16 on an RTX 5000 Ada: 54% of the speed lost between 512 and 8192 tokens; tg Q4_K_M
 * on an M2 Ultra: 31%). XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0e.
 */
const steepestSlowing = { prompt: 3.1e-4, generate: 1.2e-4 } as const satisfies Record<
  PacedKind,
  number
>;

/** Several devices work on a long prompt at once: its pace can improve on 512 tokens' by this (the same tables). */
const pipelineGain = { prompt: 2.3, generate: 1 } as const satisfies Record<PacedKind, number>;

/** Null where no test of this kind was measured. */
export function paceCurve(kind: PacedKind, records: readonly CaseRecord[]): PaceCurve | null {
  const tests = paceTests(kind, records);
  const last = tests.at(-1);
  if (last === undefined) return null;
  const { end } = last;
  const known = through(kind, tests);
  const severalDevices = (last.record.machine.nDevices ?? 1) > 1;
  const gain = tests.length === 1 && severalDevices ? pipelineGain[kind] : 1;
  const slowing = known.slowing ?? steepestSlowing[kind] * known.paceAtEnd;
  return {
    end,
    error: leastSure(tests.map(({ record }) => record)),
    upTo(tokens) {
      if (tokens <= end) return { low: known.upTo(tokens), high: known.upTo(tokens) };
      const beyond = tokens - end;
      const held = known.upTo(end);
      return {
        low: held + (beyond * known.paceAtEnd) / gain,
        high: held + beyond * known.paceAtEnd + (slowing * beyond ** 2) / 2,
      };
    },
  };
}

/** Rises with the tokens. */
interface Known {
  upTo(tokens: number): number;
  readonly paceAtEnd: number;
  /** Seconds a token, gained per token of depth; null where one point can't tell. Never negative. */
  readonly slowing: number | null;
}

/**
 * A prompt is read from the start, so that its whole time counts; an answer is written at a depth, so that the pace there
 * counts.
 */
function through(kind: PacedKind, tests: readonly PaceTest[]): Known {
  const fromEmpty = tests.every(({ start }) => start === 0);
  switch (kind) {
    case "prompt":
      return fromEmpty ? throughLengths(tests) : throughStretches(tests);
    case "generate":
      return throughStretches(neverFalling(fromEmpty ? betweenLengths(tests) : tests));
    default:
      return kind satisfies never;
  }
}

/**
 * Tests from an empty context: each is the mean over its whole length (pp8192 is no test at depth 8192), so the mean is
 * what is interpolated, and a measured length gives exactly the measured time.
 */
function throughLengths(tests: readonly PaceTest[]): Known {
  const means = tests.map(({ end, pace }) => ({ at: end, value: pace }));
  const meanAt = interpolation(means);
  const secondsAt = interpolation(means.map(({ at, value }) => ({ at, value: at * value })));
  const last = lastOf(means);
  // Where the pace grows evenly, the mean grows half as fast.
  const growth = steadyGrowth(means);
  return {
    upTo: (tokens) => (fallsSteeply(means, tokens) ? secondsAt(tokens) : tokens * meanAt(tokens)),
    paceAtEnd: bounded(last.value + last.at * (growth ?? 0), last.value),
    slowing: growth === null ? null : Math.max(0, 2 * growth),
  };
}

/** The mean falls so fast up to the next length that its tokens would take no time: then each takes as long. */
function fallsSteeply(means: readonly Point[], tokens: number): boolean {
  const next = means.findIndex(({ at }) => at >= tokens);
  const [a, b] = [means[next - 1], means[next]];
  return a !== undefined && b !== undefined && b.value + b.at * growthOf(a, b) < b.value / 2;
}

/** What each length takes beyond the one before it. */
function betweenLengths(tests: readonly PaceTest[]): Stretch[] {
  return tests.map(({ end, pace }, i) => {
    const before = tests[i - 1] ?? { end: 0, pace: 0 };
    const seconds = end * pace - before.end * before.pace;
    return { start: before.end, end, pace: seconds / (end - before.end) };
  });
}

/** Each has the pace in the middle of its stretch, and the time is the area below. */
function throughStretches(stretches: readonly Stretch[]): Known {
  const points = stretches.map(({ start, end, pace }) => ({ at: (start + end) / 2, value: pace }));
  const last = lastOf(points);
  const end = stretches.at(-1)?.end ?? 0;
  const growth = steadyGrowth(points);
  const paceAtEnd = bounded(last.value + (growth ?? 0) * (end - last.at), last.value);
  const upTo = areaBelow([...startOf(points), ...points, { at: end, value: paceAtEnd }]);
  return { upTo, paceAtEnd, slowing: growth === null ? null : Math.max(0, growth) };
}

/** The first stretch, drawn back to the empty context. */
function startOf([first, second]: readonly Point[]): Point[] {
  if (first === undefined || second === undefined) return [];
  const value = bounded(first.value - growthOf(first, second) * first.at, first.value);
  return [{ at: 0, value }];
}

function lastOf(points: readonly Point[]): Point {
  const last = points.at(-1);
  if (last === undefined) throw new RangeError("no tests");
  return last;
}
