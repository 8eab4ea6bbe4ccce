/**
 * What a case asks of an engine: llama-bench's parameters under llama-bench's names, as requested, each list of words once.
 * What the engine made of them (layers on the device, padded context, flash attention) is part of its answer.
 */
import type { TensorOverride } from "./tensorOverrides.ts";
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
export const splitModes = ["none", "layer", "row", "tensor"] as const;
export type SplitMode = (typeof splitModes)[number];

/** How a file's weights get into memory. */
export const loadModes = ["auto", "mmap", "none", "mlock", "mmap+mlock", "dio"] as const;
export type LoadMode = (typeof loadModes)[number];

/** What the engine made of `auto` maps the file, too: it is only looked at on devices that map. */
export function mapsFile(mode: LoadMode): boolean {
  return mode === "auto" || mode === "mmap" || mode === "mmap+mlock";
}

/** Whether rows of tables that an architecture marks are read when they are needed. */
export const lazyModes = ["auto", "on", "off"] as const;
export type LazyMode = (typeof lazyModes)[number];

/** How threads are spread over the nodes of a machine whose memory isn't uniform. */
export const numaModes = ["disabled", "distribute", "isolate", "numactl"] as const;
export type NumaMode = (typeof numaModes)[number];

/** Of the process and its threads, from low to real time (`ggml_sched_priority`, ggml.h, llama.cpp v0.4.0). */
export const priorities = [-1, 0, 1, 2, 3] as const;
export type Priority = (typeof priorities)[number];

export const flashAttnModes = ["auto", "on", "off"] as const;
export type FlashAttn = (typeof flashAttnModes)[number];

/** A number of layers counted from the end (n_layers + 1 takes the output layer too); `max` is all of them. */
export type GpuLayers = number | "auto" | "max";

/** Devices by the engine's names, in this order; none keeps all on the host. `auto` leaves the choice to the engine. */
export type DeviceList = "auto" | readonly string[];

/** What a process has from its start on: cases that share it can share one, and no memory depends on it. */
export interface ProcessSettings {
  readonly numa: NumaMode;
  readonly priority: Priority;
}

/** Settings of the loaded model: cases that share them share one load. */
export interface Placement extends ProcessSettings {
  readonly gpuLayers: GpuLayers;
  readonly splitMode: SplitMode;
  readonly mainGpu: number;
  readonly devices: DeviceList;
  /** Proportions per device; empty leaves the split to the engine. */
  readonly tensorSplit: readonly number[];
  /** Places of tensors by their names; the first that matches counts. */
  readonly tensorOverrides: readonly TensorOverride[];
  readonly nCpuMoe: number;
  readonly loadMode: LoadMode;
  readonly lazyMode: LazyMode;
  /** Keeps weights on the host out of a device's pinned memory. */
  readonly noHost: boolean;
}

/** Threads of the processor, on which no memory depends. */
export interface ThreadSettings {
  readonly nThreads: number;
  /** Processors that threads may run on, in hexadecimal; `0x0` for all. */
  readonly cpuMask: string;
  /** One thread a processor of the mask. */
  readonly cpuStrict: boolean;
  /** How long threads spin before they sleep, in percent. */
  readonly poll: number;
}

/** Settings of the context. */
export interface ContextSettings extends ThreadSettings {
  readonly nBatch: number;
  readonly nUbatch: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
  readonly flashAttn: FlashAttn;
  readonly noKvOffload: boolean;
  /** Gives embeddings, of every token, beside the logits. */
  readonly embeddings: boolean;
  /** Keeps operations on weights that lie on the host there. */
  readonly noOpOffload: boolean;
}

/** llama-bench's defaults (`cmd_params_defaults`, tools/llama-bench, llama.cpp v0.4.0), but for layers: as many as fit. */
export const usualPlacement: Placement = {
  gpuLayers: "auto",
  splitMode: "layer",
  mainGpu: 0,
  devices: "auto",
  tensorSplit: [],
  tensorOverrides: [],
  nCpuMoe: 0,
  loadMode: "auto",
  lazyMode: "auto",
  noHost: false,
  numa: "disabled",
  priority: 0,
};

/** The number of threads is the machine's. */
export const usualContext: Omit<ContextSettings, "nThreads"> = {
  nBatch: 2048,
  nUbatch: 512,
  typeK: "f16",
  typeV: "f16",
  flashAttn: "auto",
  noKvOffload: false,
  embeddings: false,
  noOpOffload: false,
  cpuMask: "0x0",
  cpuStrict: false,
  poll: 50,
};

export type SettingName = keyof Placement | keyof ContextSettings;

/** Every setting of a case beside its workload; each is the key of its flag, and of its fact where a record has one. */
export const settingNames: readonly SettingName[] = [
  ...Object.keys(usualPlacement),
  ...Object.keys({ ...usualContext, nThreads: 0 } satisfies ContextSettings),
] as SettingName[];

export interface CaseSettings {
  readonly workload: Workload;
  readonly placement: Placement;
  readonly context: ContextSettings;
}
