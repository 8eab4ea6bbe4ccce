/**
 * What parent and child say to each other, one JSON object a line: requests on the child's fd 4, messages on its
 * fd 3. The child answers each request with one `result` or `error`; `phase` and `sample` come in between.
 */
import type { LlamaInfo } from "./llamaInfo.ts";
import type { MemoryOverTime } from "../../bench/memoryUse.ts";
import type { EngineBackend } from "../../bench/backends.ts";
import type { Traffic } from "../../bench/link.ts";
import type { StopReason } from "../../bench/stopReasons.ts";
import type { TokenTimes } from "../../bench/tokenTimes.ts";
import type { RepetitionRule, Warmup } from "../../bench/repetitions.ts";
import type { DeviceList, ProcessSettings, ThreadSettings } from "../../bench/settings.ts";
import type { TensorOverride } from "../../bench/tensorOverrides.ts";
import type { MachineWorkload } from "../../bench/workload.ts";
import type { ChildMessage } from "../child/protocol.ts";
import type {
  flashAttnIds,
  kvCacheTypeIds,
  lazyModeIds,
  loadModeIds,
  splitModeIds,
} from "./enums.ts";

/** Not stdin: a library that looks at `process.stdin` makes that one non-blocking. */
export const requestDescriptor = 4;
export const messageDescriptor = 3;

/** Which of node-llama-cpp's builds to load; `auto` takes the best that works. */
export type EngineDeviceChoice = "auto" | EngineBackend;

/** What a model is opened with. */
export interface ModelRequest {
  /** A GGUF file, the first shard of a split one. */
  readonly path: string;
  /** Layers on the device; -1 is all. */
  readonly gpuLayers: number;
  readonly splitMode: keyof typeof splitModeIds;
  readonly mainGpu: number;
  readonly devices: DeviceList;
  readonly tensorSplit: readonly number[];
  readonly tensorOverrides: readonly TensorOverride[];
  readonly nCpuMoe: number;
  readonly loadMode: keyof typeof loadModeIds;
  readonly lazyMode: keyof typeof lazyModeIds;
  readonly noHost: boolean;
  /** Validate tensor data while loading; slow, for tests of synthetic weights. */
  readonly checkTensors?: boolean;
  /** Sizes buffers without allocating them (load mode `none` only); the model can't compute. */
  readonly noAlloc?: boolean;
}

export interface LoadRequest extends ModelRequest, ProcessSettings {
  readonly type: "load";
}

/** What a context is made of. */
export interface ContextRequest {
  readonly nPrompt: number;
  readonly nGen: number;
  readonly nDepth: number;
  readonly nBatch: number;
  readonly nUbatch: number;
  readonly typeK: keyof typeof kvCacheTypeIds;
  readonly typeV: keyof typeof kvCacheTypeIds;
  readonly flashAttn: keyof typeof flashAttnIds;
  readonly noKvOffload: boolean;
  readonly embeddings: boolean;
  readonly noOpOffload: boolean;
}

export interface MeasureRequest extends ContextRequest, ThreadSettings {
  readonly type: "measure";
  readonly repetitions: RepetitionRule;
  readonly warmup: Warmup;
  /** Share by which two repetitions may differ that end a full warm-up. */
  readonly agreement: number;
  /** Seconds of rest before the warm-up. */
  readonly delay: number;
  readonly seed: number;
}

/** What the machine can do without a model. */
export interface RoofRequest extends ProcessSettings, ThreadSettings {
  readonly type: "roof";
  readonly workload: MachineWorkload;
  /** llama.cpp's name of the device; null for the CPU. */
  readonly device: string | null;
  readonly repetitions: RepetitionRule;
  readonly warmup: Warmup;
  /** Share by which two repetitions may differ that end a full warm-up. */
  readonly agreement: number;
  /** Seconds of rest before the warm-up. */
  readonly delay: number;
  readonly seed: number;
}

export interface TensorTypesRequest {
  readonly type: "tensor-types";
  /** A GGUF with a real header; its data is not read. */
  readonly path: string;
  /** llama_ftype. */
  readonly ftype: number;
}

/** A placement and a context to size, nothing to compute. With `noAlloc` the GGUF's data may be a hole. */
export type MemoryRequest = { readonly type: "memory" } & ModelRequest & ContextRequest;

/** Whether llama.cpp takes a GGUF for a model; its data is not read. */
export interface CheckRequest {
  readonly type: "check";
  readonly path: string;
}

/** Computes the logits of fixed tokens on the device and on the CPU. */
export interface LogitsRequest {
  readonly type: "logits";
  /** A GGUF for the device, all layers on it. */
  readonly path: string;
  /** The same for the CPU; a test has another. */
  readonly referencePath: string;
  readonly nThreads: number;
}

export type ChildRequest =
  | { readonly type: "probe" }
  | LoadRequest
  | MeasureRequest
  | RoofRequest
  | TensorTypesRequest
  | MemoryRequest
  | CheckRequest
  | LogitsRequest;

export interface LoadedModel {
  /** llama_model_desc: `llama 7B Q4_0`. */
  readonly model_type: string;
  /** Bytes of tensor data. */
  readonly model_size: number;
  readonly model_n_params: number;
  /** Transformer blocks. */
  readonly n_layers: number;
  readonly load_ms: number;
  readonly memory: Pick<MemoryOverTime, "start" | "loaded">;
}

export interface Measured {
  /** Resolved context, padded by llama.cpp. */
  readonly n_ctx: number;
  readonly samples_ns: readonly number[];
  readonly warmup_ns: readonly number[];
  /** Times of all repetitions' generated tokens, in ns; empty for a prompt. */
  readonly token_ns: TokenTimes;
  /** False where the depth had to be computed again for each repetition. */
  readonly depth_restored: boolean;
  readonly stopped_by: StopReason;
  /** When each sample began, in ns since the first did. */
  readonly started_ns: readonly number[];
  /** Repetitions that the machine slept through: dropped and taken again. */
  readonly suspended: number;
  /** Processor time of the whole child, from the request to this answer. */
  readonly cpu_ms: number;
  /** The same between the two readings of the clock, mean over the repetitions that count. */
  readonly repetition_cpu_ms: number;
  /** What went over the links for a token, generated or of the prompt; null without other machines, or not told. */
  readonly traffic: Traffic | null;
  readonly memory: Pick<MemoryOverTime, "context" | "warm" | "peak_resident_bytes">;
}

export interface RoofMeasured extends Omit<
  Measured,
  "n_ctx" | "token_ns" | "depth_restored" | "traffic" | "memory"
> {
  /** Of a repetition. */
  readonly passes: number;
  /** Bytes that a pass goes through; null where its operations count. */
  readonly pass_bytes: number | null;
  /** Time of a repetition at the speed of the burst. */
  readonly burst_ns: number;
  /** As buffers are told by: `host` for the CPU. */
  readonly device: string;
  /** llama.cpp's name of what holds the weights; null where there are none. */
  readonly buffer_type: string | null;
  readonly weights_bytes: number;
  readonly compute_bytes: number;
  /** The cache that is exceeded, where nobody tells its size; null where it is known, or doesn't matter. */
  readonly assumed_cache_bytes: number | null;
  /** To lay out and fill what is computed with. */
  readonly load_ms: number;
  readonly memory: MemoryOverTime;
}

export interface ComparedLogits {
  /** Mean squared error over the mean square of the CPU's. */
  readonly nmse: number;
}

/** What each request is answered with. */
export interface ChildResults {
  readonly probe: LlamaInfo;
  readonly load: LoadedModel;
  readonly measure: Measured;
  readonly roof: RoofMeasured;
  readonly "tensor-types": null;
  readonly memory: null;
  readonly check: null;
  readonly logits: ComparedLogits;
}

/** Where a request failed, which with the log's text decides between "does not fit" and "failed". */
export const failurePlaces = ["engine", "support", "load", "context", "decode", "work"] as const;
export type FailurePlace = (typeof failurePlaces)[number];

/** What the child says; where a request failed is one of `failurePlaces`. */
export type Message = ChildMessage<ChildResults[keyof ChildResults]>;
