/** Seconds that a stretch of tokens takes, from tests at several lengths and depths. */
import type { CaseRow } from "../../results/caseResult.ts";

export type Kind = "pp" | "tg";

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
  upTo(tokens: number): Seconds;
}

/**
 * Slowing per token of depth, as a share of the pace at the start, where a single depth tells none: the steepest in the
 * published tables of Llama 3 (pp F16 on an RTX 5000 Ada: 54% of the speed lost between 512 and 8192 tokens; tg Q4_K_M
 * on an M2 Ultra: 31%). XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0e.
 */
const steepestSlowing = { pp: 3.1e-4, tg: 1.2e-4 } as const;

/** Several devices work on a long prompt at once: its pace can improve on 512 tokens' by this (the same tables). */
const pipelineGain = 2.3;

/** Null where no test of this kind was measured. */
export function paceCurve(kind: Kind, rows: readonly CaseRow[]): PaceCurve | null {
  const tests = rows.flatMap((row) => testOf(kind, row)).toSorted((a, b) => a.end - b.end);
  const last = tests.at(-1);
  if (last === undefined) return null;
  const known = tests.some(({ start }) => start > 0) ? throughDepths(tests) : throughLengths(tests);
  const gain = kind === "pp" && tests.length === 1 && last.devices > 1 ? pipelineGain : 1;
  const slowing = known.slowing ?? steepestSlowing[kind] * known.paceAtEnd;
  return {
    end: last.end,
    upTo(tokens) {
      if (tokens <= last.end) return { low: known.upTo(tokens), high: known.upTo(tokens) };
      const beyond = tokens - last.end;
      const held = known.upTo(last.end);
      return {
        low: held + (beyond * known.paceAtEnd) / gain,
        high: held + beyond * known.paceAtEnd + (slowing * beyond ** 2) / 2,
      };
    },
  };
}

interface Test {
  readonly start: number;
  readonly end: number;
  /** Mean seconds a token over the stretch. */
  readonly pace: number;
  readonly devices: number;
}

function testOf(kind: Kind, row: CaseRow): Test[] {
  const own = kind === "pp" ? row.n_prompt : row.n_gen;
  const mixed = row.n_prompt > 0 && row.n_gen > 0;
  if (row.status !== "measured" || row.avg_ts === null || own === 0 || mixed) return [];
  const devices = row.n_devices ?? 1;
  return [{ start: row.n_depth, end: row.n_depth + own, pace: 1 / row.avg_ts, devices }];
}

interface Known {
  upTo(tokens: number): number;
  readonly paceAtEnd: number;
  /** Seconds a token, gained per token of depth; null where one point can't tell. Never negative. */
  readonly slowing: number | null;
}

interface Point {
  readonly at: number;
  readonly pace: number;
}

/**
 * Tests from an empty context: each is the mean over its whole length (pp8192 is no test at depth 8192), so the mean is
 * what is interpolated, and a measured length gives exactly the measured time.
 */
function throughLengths(tests: readonly Test[]): Known {
  const means = tests.map(({ end, pace }) => ({ at: end, pace }));
  const meanAt = interpolation(means);
  const [last, before] = [means.at(-1), means.at(-2)];
  if (last === undefined) throw new RangeError("no tests");
  if (before === undefined)
    return { upTo: (n) => n * last.pace, paceAtEnd: last.pace, slowing: null };
  // Where the pace grows evenly, the mean grows half as fast.
  const growth = growthOf(before, last);
  return {
    upTo: (tokens) => tokens * meanAt(tokens),
    paceAtEnd: Math.max(last.pace + last.at * growth, last.pace / 2),
    slowing: Math.max(0, 2 * growth),
  };
}

/** Tests at depth: each is the pace in the middle of its stretch, and the time is the area below. */
function throughDepths(tests: readonly Test[]): Known {
  const points = tests.map(({ start, end, pace }) => ({ at: (start + end) / 2, pace }));
  const ordered = points.toSorted((a, b) => a.at - b.at);
  const [last, before] = [ordered.at(-1), ordered.at(-2)];
  if (last === undefined) throw new RangeError("no tests");
  const end = Math.max(...tests.map((test) => test.end));
  const growth = before === undefined ? 0 : growthOf(before, last);
  const paceAtEnd = last.pace + growth * (end - last.at);
  const paceAt = interpolation([...startOf(ordered), ...ordered, { at: end, pace: paceAtEnd }]);
  const upTo = (tokens: number) => {
    const stops = [0, ...ordered.map(({ at }) => at).filter((at) => at < tokens), tokens];
    return stops.slice(1).reduce((sum, stop, i) => {
      const from = stops[i] ?? 0;
      return sum + ((stop - from) * (paceAt(from) + paceAt(stop))) / 2;
    }, 0);
  };
  return { upTo, paceAtEnd, slowing: before === undefined ? null : Math.max(0, growth) };
}

function growthOf(a: Point, b: Point): number {
  return b.at > a.at ? (b.pace - a.pace) / (b.at - a.at) : 0;
}

/** The first stretch, drawn back to the empty context. */
function startOf([first, second]: readonly Point[]): Point[] {
  if (first === undefined || second === undefined) return [];
  return [
    { at: 0, pace: Math.max(first.pace / 2, first.pace - growthOf(first, second) * first.at) },
  ];
}

/** Straight lines between the points, level outside them. */
function interpolation(points: readonly Point[]): (at: number) => number {
  return (at) => {
    const above = points.find((point) => point.at >= at) ?? points.at(-1);
    const below = points.findLast((point) => point.at <= at) ?? points[0];
    if (above === undefined || below === undefined) throw new RangeError("no points");
    if (above.at <= below.at) return below.pace;
    return below.pace + growthOf(below, above) * (at - below.at);
  };
}
