/**
 * What a launch tells of a workload: a row a metric, with its unit, which direction is better, and its value of each
 * repetition.
 */
import type { TimedLaunch } from "./launch.ts";

export type Unit = "t/s" | "ms";
export type Better = "higher" | "lower";

export interface Metric {
  readonly unit: Unit;
  readonly better: Better;
  /**
   * One value a repetition, in `unit`.
   * @param tokens that a repetition computes, the depth not counted
   */
  of(launch: TimedLaunch, tokens: number): number[];
}

/** `n` tokens in `ns` nanoseconds. */
export function tokensPerSecond(ns: number, nTokens: number): number {
  return (1e9 * nTokens) / ns;
}

/** Speeds are averaged as llama-bench does: over each repetition's tokens per second, not as tokens over mean time. */
const speed = {
  unit: "t/s",
  better: "higher",
  of: ({ samplesNs }, tokens) => samplesNs.map((ns) => tokensPerSecond(ns, tokens)),
} as const satisfies Metric;

export const metrics = {
  /** Prompt processing. */
  pp_ts: speed,
  /** Token generation. */
  tg_ts: speed,
  /** Both together, as llama-bench's pp+tg. */
  pg_ts: speed,
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof metrics;
