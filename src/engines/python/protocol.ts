/** What is said to a worker (workers/worker.py) and what it answers; the form is every child's (child/protocol.ts). */
import { z } from "zod";
import { engineBackends } from "../../bench/backends.ts";
import { engineInfoSchema } from "../../bench/engineInfo.ts";
import { memoryOverTimeSchema } from "../../bench/memoryUse.ts";
import type { Precision } from "../../bench/precisions.ts";
import type { Warmup } from "../../bench/repetitions.ts";
import { stopReasons } from "../../bench/stopReasons.ts";
import type { MachineWorkload } from "../../bench/workload.ts";
import type { DecoderShape } from "../../gguf/decoderShape.ts";
import type { StopLimits } from "../child/stopRule.ts";
import type { AnswerShapes } from "../child/requestChild.ts";

/**
 * Where a request failed; `slow`: it would take longer than it may; `support`: the device or the framework hasn't what was
 * asked for.
 */
export const failurePlaces = ["engine", "memory", "slow", "support", "work"] as const;

/** One training case: weights drawn, a batch drawn. */
export interface PrepareRequest {
  readonly type: "prepare";
  readonly shape: DecoderShape;
  /** Tokens of each sequence. */
  readonly sequence: number;
  readonly batch: number;
  readonly precision: Precision;
  /** Of the processor. */
  readonly threads: number;
  readonly compile: boolean;
  readonly seed: number;
}

/** Steps that show that it learns. */
export interface ProveRequest {
  readonly type: "prove";
  readonly steps: number;
}

export interface MeasureRequest {
  readonly type: "measure";
  readonly rule: StopLimits;
  readonly warmup: Warmup;
  /** Share by which two repetitions may differ that end a full warm-up. */
  readonly agreement: number;
  /** Seconds of rest before the warm-up. */
  readonly delay: number;
}

/** What the machine can do without a model. */
export interface ArithmeticRequest {
  readonly type: "arithmetic";
  readonly kind: MachineWorkload["kind"];
  /** Rows and columns of `matmul`'s matrices. */
  readonly size: number;
  /** Of the matrices. */
  readonly precision: string;
  /** Of the processor; null where nobody tells. */
  readonly cache_bytes: number | null;
  readonly threads: number;
  readonly seed: number;
  /** The longest that a pass may be seen to take beforehand. */
  readonly most_seconds: number;
  readonly rule: StopLimits;
  readonly warmup: Warmup;
  /** Share by which two repetitions may differ that end a full warm-up. */
  readonly agreement: number;
  /** Seconds of rest before the warm-up. */
  readonly delay: number;
}

export type WorkerRequest =
  | { readonly type: "probe" }
  | PrepareRequest
  | ProveRequest
  | MeasureRequest
  | ArithmeticRequest;

const count = z.number().int().nonnegative();
const time = z.number().nonnegative();
/** What took no time was not done. */
const sampleTime = z.number().positive();
/** What isn't finite comes as null. */
const number = z.number().nullable();

const factsSchema = z.object({
  version: z.string(),
  commit: z.string().nullable(),
  python: z.string(),
  backend: z.enum(engineBackends),
  devices: engineInfoSchema.shape.devices,
  system_info: z.string(),
});
export type WorkerFacts = z.infer<typeof factsSchema>;

/** What the framework made of the request, by names of their own. */
const setupSchema = z.record(z.string(), z.string());

const preparedSchema = z.object({
  n_params: count.min(1),
  setup: setupSchema,
  /** Forward and backward of so many tokens of one sequence. */
  slice_ns: sampleTime,
  slice_tokens: count.min(1),
});
export type Prepared = z.infer<typeof preparedSchema>;

const proofSchema = z.object({
  /** In their order; the loss is that before the step moved the weights. */
  steps: z.array(z.object({ loss: number, skipped: z.boolean(), ns: sampleTime })).min(1),
  /** Of each tensor that is trained, after the last step. */
  gradient_norms: z.array(number),
  /** Tensors that are after the steps what they were before. */
  unchanged: z.array(z.string()),
  tensors: count,
  /** All weights are. */
  finite: z.boolean(),
});
export type Proof = z.infer<typeof proofSchema>;

const repeated = {
  samples_ns: z.array(sampleTime).min(1),
  warmup_ns: z.array(sampleTime),
  started_ns: z.array(time),
  stopped_by: z.enum(stopReasons),
  suspended: count,
  repetition_cpu_ms: time,
  peak_device_bytes: count.nullable(),
  /** Null where the system doesn't tell. */
  memory: memoryOverTimeSchema.nullable(),
};

const measuredSchema = z.object({
  ...repeated,
  /** Before the first repetition and after each: loss, norm of a gradient behind the whole backward pass, of its weights. */
  traces: z.array(z.tuple([number, number, number])).min(2),
  finite: z.boolean(),
});
export type MeasuredSteps = z.infer<typeof measuredSchema>;

const passesSchema = z.object({
  ...repeated,
  /** Of a repetition. */
  passes: count.min(1),
  /** Bytes that a pass goes through; null where its operations count. */
  pass_bytes: count.min(1).nullable(),
  /** Time of a repetition at the speed of the burst. */
  burst_ns: sampleTime,
  assumed_cache_bytes: count.nullable(),
  load_ms: time,
});
export type MeasuredPasses = z.infer<typeof passesSchema>;

export interface WorkerResults {
  readonly probe: WorkerFacts;
  readonly prepare: Prepared;
  readonly prove: Proof;
  readonly measure: MeasuredSteps;
  readonly arithmetic: MeasuredPasses;
}

const places = failurePlaces;

export const answerShapes: AnswerShapes<WorkerResults> = {
  probe: { places, result: factsSchema },
  prepare: { places, result: preparedSchema },
  prove: { places, result: proofSchema },
  measure: { places, result: measuredSchema },
  arithmetic: { places, result: passesSchema },
};
