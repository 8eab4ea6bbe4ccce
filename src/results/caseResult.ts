/**
 * One case's result, as the journal holds it: the CSV's columns in the CSV's order, with JSON types.
 * Unknown is null, never 0. The contract is docs/results.md.
 */
import { z } from "zod";
import { memoryOverTimeSchema } from "../llamacpp/memorySeen.ts";
import { stopReasons } from "../llamacpp/stopRule.ts";
import { conditionsSchema } from "../machine/conditions.ts";

export const schemaVersion = 1;

export const statuses = ["measured", "does_not_fit", "failed", "skipped"] as const;
export type Status = (typeof statuses)[number];

/** First word of `reason`. */
export const reasonCodes = [
  "predicted_oom",
  "measured_oom",
  "larger_than_misfit",
  "crashed",
  "timed_out",
  "engine_error",
  "work_not_done",
  "model_changed",
] as const;
export type ReasonCode = (typeof reasonCodes)[number];

export const backends = ["metal", "cuda", "vulkan", "cpu"] as const;
export type Backend = (typeof backends)[number];

// A file written before a column was added lacks it, and stays readable: absent is unknown.
const text = z.string().nullable().default(null);
const count = z.number().int().nullable().default(null);
const real = z.number().nullable().default(null);
const numbers = z.array(z.number()).default([]);
/** Work that was done has a speed: 0 would claim that it was measured and took forever. */
const speed = z.number().positive();
const texts = z.array(z.string()).default([]);

/** The CSV's columns, in order. A column may be added; none is renamed or removed without a new `schemaVersion`. */
export const columns = {
  schema_version: z.number().int(),
  run_id: z.string(),
  case_id: z.string(),
  status: z.enum(statuses),
  reason: text,
  machine: z.string(),
  machine_model: text,
  os: text,
  driver: text,
  cpu_info: text,
  gpu_info: text,
  gpu_cores: count,
  n_devices: count,
  backend: z.enum(backends).nullable().default(null),
  ram_bytes: count,
  gpu_budget_bytes: count,
  power_source: z.enum(["ac", "battery", "unknown"]).nullable().default(null),
  power_mode: text,
  engine: text,
  engine_version: text,
  build_commit: text,
  model: z.string(),
  model_type: text,
  model_filename: text,
  model_sha256: text,
  model_size: count,
  model_n_params: count,
  quantization: text,
  weights: z.enum(["real", "synthetic"]).nullable().default(null),
  n_layers: count,
  n_gpu_layers: count,
  split_mode: text,
  main_gpu: count,
  tensor_split: text,
  n_cpu_moe: count,
  no_kv_offload: count,
  load_mode: text,
  n_threads: count,
  n_batch: count,
  n_ubatch: count,
  n_ctx: count,
  type_k: text,
  type_v: text,
  flash_attn: count,
  test: z.string(),
  n_prompt: z.number().int(),
  n_gen: z.number().int(),
  n_depth: z.number().int(),
  launches: count,
  repetitions: count,
  avg_ns: real,
  stddev_ns: real,
  avg_ts: speed.nullable().default(null),
  stddev_ts: real,
  median_ts: real,
  mad_ts: real,
  min_ts: real,
  max_ts: real,
  ci95_low_ts: real,
  ci95_high_ts: real,
  sd_within_ts: real,
  sd_between_ts: real,
  samples_ts: z.array(speed).default([]),
  load_ms: real,
  fit: z.enum(["full", "partial", "none", "unknown"]).nullable().default(null),
  fit_ctx: count,
  fit_at_ctx: z.enum(["full", "partial", "none", "unknown"]).nullable().default(null),
  max_ctx: count,
  weights_bytes: count,
  kv_bytes: count,
  compute_bytes: count,
  device_bytes_predicted: count,
  device_bytes_measured: count,
  host_bytes_predicted: count,
  host_bytes_measured: count,
  predicted_ts: real,
  seed: count,
  warnings: texts,
  test_time: text,
  stopped_by: z.enum(stopReasons).nullable().default(null),
  sustain_s: real,
  burst_ts: real,
  sustained_ts: real,
  sustained_drop: real,
  throttled_at_s: real,
  peak_rss_bytes: count,
  /** Of synthetic weights, whose header they have. */
  header_of: text,
} as const;

export type Column = keyof typeof columns;
export const columnNames = Object.keys(columns) as readonly Column[];

/** Memory of one device or of the host, as llama.cpp's log states its buffers, in bytes. */
const deviceMemory = z.object({
  device: z.string(),
  weights_bytes: z.number().int(),
  /** Of the weights: used where the file is mapped, and copied into the CPU's own layout. Older journals don't say. */
  weights_mapped_bytes: z.number().int().optional(),
  weights_repacked_bytes: z.number().int().optional(),
  kv_bytes: z.number().int(),
  compute_bytes: z.number().int(),
  output_bytes: z.number().int(),
});

/** One child process's share of a case: raw samples in ns, warm-up apart. */
const launchResult = z.object({
  launch: z.number().int().min(1),
  load_ms: z.number(),
  warmup_ns: z.array(z.number()),
  samples_ns: z.array(z.number()),
  stopped_by: z.enum(stopReasons).optional(),
  /** With `--sustain`: when each sample began, in ns since the first did. */
  started_ns: z.array(z.number()).optional(),
  /** Repetitions that the machine slept through, which were dropped and taken again. */
  suspended: z.number().int().optional(),
  memory: memoryOverTimeSchema.optional(),
  /** What the machine was seen to do before, during and after it. */
  conditions: conditionsSchema.optional(),
});
export type LaunchResult = z.infer<typeof launchResult>;

/** What the journal keeps beyond the CSV's columns. */
const journalOnly = {
  samples_ns: numbers,
  warmup_ns: numbers,
  launch_results: z.array(launchResult).default([]),
  buffers: z.array(deviceMemory).default([]),
  /** Mean squared error of the device's logits, normalised, against the CPU's; null where they were not compared. */
  output_nmse: real,
  /** With `--sustain`: seconds since the first repetition began and tokens/s, point by point. */
  speed_over_time: z.array(z.tuple([z.number(), z.number()])).default([]),
  /** The case as llama-bench would be asked for it. */
  llama_bench: text,
  /** The end of the child's log, where the case was not measured. */
  stderr_tail: texts,
};

export const caseResultSchema = z.object({ ...columns, ...journalOnly });
export type CaseResult = z.infer<typeof caseResultSchema>;

/** A row of the CSV: a case's result without what only the journal keeps. */
export type CaseRow = Pick<CaseResult, Column>;

/** What a report needs of a case: its row, and the lines that tell how to repeat it or why it failed. */
export const reportedCaseSchema = caseResultSchema.omit({
  samples_ns: true,
  warmup_ns: true,
  launch_results: true,
  buffers: true,
});
export type ReportedCase = z.infer<typeof reportedCaseSchema>;
