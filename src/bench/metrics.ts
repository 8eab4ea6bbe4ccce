/**
 * What a launch tells of a workload: a row a metric, with its unit, which direction is better, and its value of each
 * repetition. What follows from several cases is beside them, in derivedMetrics.ts.
 */
import type { TimedLaunch } from "./launch.ts";
import {
  ownMetric,
  repetitionTokens,
  type MetricName,
  type Workload,
  type WorkloadOf,
} from "./workload.ts";

/** Each with its name in full. */
export const units = {
  "t/s": "tokens per second",
  ms: "milliseconds",
  "GB/s": "gigabytes (10^9 bytes) per second",
  "TFLOP/s": "trillions (10^12) of additions and multiplications per second",
} as const satisfies Record<string, string>;

export type Unit = keyof typeof units;
export type Better = "higher" | "lower";

export interface Metric<Measured extends Workload = Workload> {
  readonly unit: Unit;
  readonly better: Better;
  /** One value a repetition, in `unit`. */
  of(launch: TimedLaunch, workload: Measured): number[];
}

/**
 * The tokens of all sequences together, the depth not counted. Speeds are averaged as llama-bench does: over each
 * repetition's tokens per second, not as tokens over mean time.
 */
const speed = {
  unit: "t/s",
  better: "higher",
  of({ samplesNs }, workload) {
    const tokens = repetitionTokens(workload);
    return samplesNs.map((ns) => (1e9 * tokens) / ns);
  },
} as const satisfies Metric;

/** Of bytes that the launch tells: how many they are goes by the machine's caches. A byte a nanosecond is 1 GB/s. */
const throughput = {
  unit: "GB/s",
  better: "higher",
  of: ({ samplesNs, readings: { passes, passBytes } }) =>
    passes === null || passBytes === null ? [] : samplesNs.map((ns) => (passes * passBytes) / ns),
} as const satisfies Metric;

export const metrics = {
  /** Prompt processing. */
  pp_ts: speed,
  /** Token generation. */
  tg_ts: speed,
  /** Both together, as llama-bench's pp+tg. */
  pg_ts: speed,
  /** Training, of all sequences of a step together. */
  train_ts: speed,
  /** A step of it. */
  step_ms: { unit: "ms", better: "lower", of: ({ samplesNs }) => samplesNs.map((ns) => ns / 1e6) },
  /** By the operations that the launch tells, as its formula counts them. */
  train_tflops: {
    unit: "TFLOP/s",
    better: "higher",
    of: ({ samplesNs, readings: { flops } }) =>
      flops === null ? [] : samplesNs.map((ns) => flops / ns / 1000),
  },
  /** Bytes read and bytes written, counted both. */
  copy_gbps: throughput,
  /** Bytes of the matrices. */
  read_gbps: throughput,
  /** A multiplication and an addition for each element of a row with each of a column. */
  matmul_tflops: {
    unit: "TFLOP/s",
    better: "higher",
    of: ({ samplesNs, readings: { passes } }, { size }) =>
      passes === null ? [] : samplesNs.map((ns) => (passes * 2 * size ** 3) / ns / 1000),
  },
} as const satisfies { readonly [Name in MetricName]: Metric<WorkloadOf<Name>> };

/** In the workload's own metric, a repetition each; null for a workload of which nothing is known. */
export function ownValues(launch: TimedLaunch, workload: Workload): number[] | null {
  const name = ownMetric(workload);
  if (name === null) return null;
  const metric: Metric = metrics[name];
  return metric.of(launch, workload);
}

/** What the workload's values are in. Tests that llmbench doesn't know are of tokens per second unless they say otherwise. */
export function unitOf(workload: Workload): string {
  if (workload.kind === "unknown") return workload.unit ?? "t/s";
  return metrics[ownMetric(workload)].unit;
}

/** `tokens per second`; a unit that llmbench doesn't know as it is. */
export function unitInFull(workload: Workload): string {
  const unit = unitOf(workload);
  return Object.hasOwn(units, unit) ? units[unit as Unit] : unit;
}

/** Whether the workload's values are tokens per second, as llama-bench's are. */
export function isSpeed(workload: Workload): boolean {
  return unitOf(workload) === ("t/s" satisfies Unit);
}
