/**
 * What one case asks of llama.cpp: llama-bench's parameters under llama-bench's names, as requested.
 * What the engine made of them (layers on the device, padded context, flash attention) is part of its answer.
 */
import {
  flashAttnIds,
  kvCacheTypeIds,
  loadModeIds,
  namesOf,
  splitModeIds,
} from "../llamacpp/enums.ts";

export const kvCacheTypes = namesOf(kvCacheTypeIds);
export type KvCacheType = (typeof kvCacheTypes)[number];

export const splitModes = namesOf(splitModeIds);
export type SplitMode = (typeof splitModes)[number];

export const loadModes = namesOf(loadModeIds);
export type LoadMode = (typeof loadModes)[number];

export const flashAttnModes = namesOf(flashAttnIds);
export type FlashAttn = (typeof flashAttnModes)[number];

export const deviceChoices = ["auto", "metal", "cuda", "vulkan", "cpu"] as const;
export type DeviceChoice = (typeof deviceChoices)[number];

/** A number of layers counted from the end (n_layers + 1 takes the output layer too); `max` is all of them. */
export type GpuLayers = number | "auto" | "max";

/** Token counts of a test: `pp512` is nPrompt 512, `tg128` nGen 128, both after nDepth tokens already in the KV cache. */
export interface Workload {
  readonly nPrompt: number;
  readonly nGen: number;
  readonly nDepth: number;
}

/** Settings of the loaded model: cases that share them share one load. */
export interface Placement {
  readonly gpuLayers: GpuLayers;
  readonly splitMode: SplitMode;
  readonly mainGpu: number;
  /** Proportions per device; empty leaves the split to llama.cpp. */
  readonly tensorSplit: readonly number[];
  readonly nCpuMoe: number;
  readonly loadMode: LoadMode;
}

/** Settings of the llama.cpp context. */
export interface ContextSettings {
  readonly nBatch: number;
  readonly nUbatch: number;
  readonly nThreads: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
  readonly flashAttn: FlashAttn;
  readonly noKvOffload: boolean;
}

export interface CaseSettings {
  readonly workload: Workload;
  readonly placement: Placement;
  readonly context: ContextSettings;
}

/** llama-bench's name of a test: `pp512`, `tg128`, `pp512+tg128`, each with ` @ d4096` at depth. */
export function testName({ nPrompt, nGen, nDepth }: Workload): string {
  const parts = [nPrompt > 0 ? `pp${nPrompt}` : "", nGen > 0 ? `tg${nGen}` : ""];
  const name = parts.filter((part) => part !== "").join("+");
  return nDepth > 0 ? `${name} @ d${nDepth}` : name;
}
