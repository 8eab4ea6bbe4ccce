/** Settings by the contract's names, and what differs in them as the contract tells it: `flash_attn: 1 / 0`. */
import {
  meaningChanging,
  type Difference,
  type MeaningChanging,
  type Setting,
  type SettingValue,
} from "../../../compare/judge/differences.ts";
import type { ColumnName } from "../../../results/columns/columns.ts";
import { usualSetting } from "../../../results/llamaBenchSettings.ts";

const settingNames = {
  model: "model",
  parameters: "model_n_params",
  engine: "engine",
  typeK: "type_k",
  typeV: "type_v",
  flashAttn: "flash_attn",
  nBatch: "n_batch",
  nUbatch: "n_ubatch",
  nThreads: "n_threads",
  nCtx: "n_ctx",
  useCtx: "fit_ctx",
  splitMode: "split_mode",
  mainGpu: "main_gpu",
  devices: "devices",
  tensorSplit: "tensor_split",
  tensorOverrides: "tensor_overrides",
  noKvOffload: "no_kv_offload",
  nCpuMoe: "n_cpu_moe",
  loadMode: "load_mode",
  sha256: "model_sha256",
  powerSource: "power_source",
  powerMode: "power_mode",
  gpuLayers: "n_gpu_layers",
  weights: "weights",
  // Version and commit together, which no column has.
  build: "build",
} as const satisfies Record<Setting, ColumnName | "build">;

export function settingName(setting: Setting): string {
  return settingNames[setting];
}

type AllowWord = (typeof settingNames)[MeaningChanging];

/** What `--allow` takes. */
export const allowWords: readonly AllowWord[] = meaningChanging.map((name) => settingNames[name]);

/** The settings that words of `--allow` name. */
export function allowed(words: readonly AllowWord[]): ReadonlySet<MeaningChanging> {
  return new Set(meaningChanging.filter((name) => words.includes(settingNames[name])));
}

export function differenceName(difference: Difference): string {
  return difference.setting === "other_setting" ? difference.name : settingName(difference.setting);
}

/** `flash_attn: 1 / 0`, the baseline's first. */
export function differenceText(difference: Difference): string {
  return `${differenceName(difference)}: ${valuesText(difference)}`;
}

/** `1 / 0`. */
export function valuesText(difference: Difference): string {
  const { baseline, other } = difference;
  return `${valueText(difference, baseline)} / ${valueText(difference, other)}`;
}

/** `flash_attn 0`, of the other side alone. */
export function otherText(difference: Difference): string {
  return `${differenceName(difference)} ${valueText(difference, difference.other)}`;
}

/** Enough to tell files apart. */
const digestLength = 12;

function valueText(difference: Difference, value: SettingValue): string {
  if (value === null) return untoldText(difference);
  if (typeof value === "boolean") return String(Number(value));
  return difference.setting === "sha256" ? String(value).slice(0, digestLength) : String(value);
}

/** What llama-bench prints where nothing was asked for. */
const usualTexts: { readonly [Name in Setting]?: string } = {
  mainGpu: "0",
  devices: "auto",
  tensorOverrides: "none",
  noKvOffload: "0",
  nCpuMoe: "0",
};

function untoldText(difference: Difference): string {
  const usual =
    difference.setting === "other_setting"
      ? usualSetting(difference.name)
      : usualTexts[difference.setting];
  return usual ?? "unknown";
}
