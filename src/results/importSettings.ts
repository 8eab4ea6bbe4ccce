/** The settings of a llama-bench record: what it tells, and what it leaves out because it is llama-bench's default. */
import type { OtherSettings, SettingFacts } from "../bench/record.ts";
import { flagOf } from "./codes.ts";
import { isOfTable, type BenchRecord } from "./importRecord.ts";
import { otherSettingsIn } from "./llamaBenchSettings.ts";
import { unknownCase } from "./unknownCase.ts";

/** @param nLayers of the model, where it is known. */
export function settingFacts(record: BenchRecord, nLayers: number | null): SettingFacts {
  const others = othersOf(record);
  const unprinted = unprintedBy(record);
  return {
    ...unknownCase.settings,
    gpuLayers: isFitted(others) ? null : gpuLayers(record, nLayers),
    splitMode: record.split_mode ?? unprinted.splitMode,
    mainGpu: record.main_gpu ?? unprinted.mainGpu,
    devices: asked(record.devices ?? record.dev, "auto"),
    tensorSplit: record.tensor_split ?? unprinted.tensorSplit,
    tensorOverrides: asked(record.tensor_buft_overrides ?? record.ot, "none"),
    nCpuMoe: record.n_cpu_moe ?? unprinted.nCpuMoe,
    noKvOffload: flagOf(record.no_kv_offload) ?? unprinted.noKvOffload,
    loadMode: loadMode(record) ?? unprinted.loadMode,
    nThreads: record.n_threads,
    nBatch: record.n_batch ?? unprinted.nBatch,
    nUbatch: record.n_ubatch ?? unprinted.nUbatch,
    typeK: record.type_k ?? cacheType(record),
    typeV: record.type_v ?? cacheType(record),
    flashAttn: record.flash_attn === -1 ? null : flagOf(record.flash_attn),
    others,
  };
}

type Unprinted = Pick<SettingFacts, keyof typeof usual>;

/**
 * A table has no column for what was left at llama-bench's default (markdown_printer and `cmd_params_defaults`,
 * tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0). Loading was mapped before there was an `auto`, which maps too where
 * the devices can.
 */
const usual = {
  splitMode: "layer",
  mainGpu: 0,
  tensorSplit: "0.00",
  nCpuMoe: 0,
  noKvOffload: false,
  loadMode: "auto",
  nBatch: 2048,
  nUbatch: 512,
} as const satisfies Partial<SettingFacts>;

/** Earlier builds had other defaults: a batch of 512, and no split by layers. */
const firstBuildWithDefaults = 2500;

function unprintedBy(record: BenchRecord): Unprinted {
  const build = record.build_number ?? 0;
  const isEarlier = build > 1 && build < firstBuildWithDefaults;
  return isOfTable(record) && !isEarlier ? usual : unknownCase.settings;
}

/** Names of the devices that were asked for; null where they were left to llama.cpp. */
export function devicesOf({ devices, dev }: BenchRecord): readonly string[] | null {
  const text = asked(devices ?? dev, "auto");
  if (text === null) return null;
  return text === "none" ? [] : text.split("/");
}

/** Null where nothing was asked for. */
function asked(text: string | null, usualWord: string): string | null {
  return text === usualWord ? null : text;
}

/** RPC beside a local backend is other machines that take part. */
function othersOf(record: BenchRecord): OtherSettings {
  const backends = (record.backends ?? "").toLowerCase().split(",");
  const isBeside = backends.length > 1 && backends.some((name) => name.trim() === "rpc");
  const others = otherSettingsIn(record);
  return isBeside || record.rpc === 1 ? { ...others, rpc: "1" } : others;
}

/** llama-bench then places layers by what fits, and prints how many were asked for. */
function isFitted({ fit_target: target, fit_min_ctx: context }: OtherSettings): boolean {
  return target !== undefined || context !== undefined;
}

/** -1 asks for all, as does any number past the layers that there are (the output counts as one). */
function gpuLayers({ n_gpu_layers }: BenchRecord, nLayers: number | null): number | null {
  if (n_gpu_layers === null || nLayers === null) return n_gpu_layers;
  return n_gpu_layers < 0 ? nLayers + 1 : Math.min(n_gpu_layers, nLayers + 1);
}

function loadMode({ load_mode, use_mmap, ...record }: BenchRecord): string | null {
  if (load_mode !== null) return load_mode;
  if ((record.use_direct_io ?? record.dio) === 1) return "dio";
  if (use_mmap === null) return null;
  return use_mmap === 1 ? "mmap" : "none";
}

function cacheType({ f16_kv }: BenchRecord): string | null {
  if (f16_kv === null) return null;
  return f16_kv === 1 ? "f16" : "f32";
}
