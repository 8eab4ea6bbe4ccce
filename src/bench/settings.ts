/**
 * What a case asks of an engine: llama-bench's parameters under llama-bench's names, as requested, each list of words once.
 * What the engine made of them (layers on the device, padded context, flash attention) is part of its answer.
 */
import type { Workload } from "./workload.ts";

/** KV cache types that llama-bench accepts (`ggml_type_from_name`, tools/llama-bench, llama.cpp v0.4.0), and f32. */
export const kvCacheTypes = [
  "f32",
  "f16",
  "bf16",
  "q8_0",
  "q4_0",
  "q4_1",
  "iq4_nl",
  "q5_0",
  "q5_1",
] as const;
export type KvCacheType = (typeof kvCacheTypes)[number];

/** How a model is split over several devices. */
export const splitModes = ["none", "layer", "row"] as const;
export type SplitMode = (typeof splitModes)[number];

/** How a file's weights get into memory. */
export const loadModes = ["auto", "mmap", "none"] as const;
export type LoadMode = (typeof loadModes)[number];

export const flashAttnModes = ["auto", "on", "off"] as const;
export type FlashAttn = (typeof flashAttnModes)[number];

/** A number of layers counted from the end (n_layers + 1 takes the output layer too); `max` is all of them. */
export type GpuLayers = number | "auto" | "max";

/** Settings of the loaded model: cases that share them share one load. */
export interface Placement {
  readonly gpuLayers: GpuLayers;
  readonly splitMode: SplitMode;
  readonly mainGpu: number;
  /** Proportions per device; empty leaves the split to the engine. */
  readonly tensorSplit: readonly number[];
  readonly nCpuMoe: number;
  readonly loadMode: LoadMode;
}

/** Settings of the context. */
export interface ContextSettings {
  readonly nBatch: number;
  readonly nUbatch: number;
  readonly nThreads: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
  readonly flashAttn: FlashAttn;
  readonly noKvOffload: boolean;
}

export type SettingName = keyof Placement | keyof ContextSettings;

/** Every setting of a case beside its workload; each is the key of its flag, and of its fact in a record, too. */
export const settingNames: readonly SettingName[] = Object.keys({
  gpuLayers: true,
  splitMode: true,
  mainGpu: true,
  tensorSplit: true,
  nCpuMoe: true,
  loadMode: true,
  nBatch: true,
  nUbatch: true,
  nThreads: true,
  typeK: true,
  typeV: true,
  flashAttn: true,
  noKvOffload: true,
} satisfies Record<SettingName, true>) as SettingName[];

export interface CaseSettings {
  readonly workload: Workload;
  readonly placement: Placement;
  readonly context: ContextSettings;
}
