/** The settings of a row or a case as texts that the flags of `run` read back. */
import type { Workload } from "../../suite/caseSettings.ts";
import type { FlagKey } from "../../suite/flags.ts";
import type { matrixFlags } from "../../suite/matrixFlags.ts";
import type { CaseRow } from "../caseResult.ts";

/** Null is unknown, or needs no saying. */
export type SettingText = string | number | null;
export type SettingTexts = { readonly [Key in FlagKey]?: SettingText };

/** Both tools run pp and tg on their own unless one of them is 0. */
export function workloadTexts({ nPrompt, nGen, nDepth }: Workload) {
  const both = nPrompt > 0 && nGen > 0;
  return {
    nPrompt: both ? 0 : nPrompt,
    nGen: both ? 0 : nGen,
    pg: both ? `${nPrompt},${nGen}` : null,
    nDepth,
  } satisfies SettingTexts;
}

/** What spans the matrix, all but the model. */
export function matrixTexts(row: CaseRow) {
  return {
    ...workloadTexts({ nPrompt: row.n_prompt, nGen: row.n_gen, nDepth: row.n_depth }),
    nBatch: row.n_batch,
    nUbatch: row.n_ubatch,
    nThreads: row.n_threads,
    gpuLayers: row.n_gpu_layers === null ? null : Math.max(-1, row.n_gpu_layers),
    flashAttn: row.flash_attn,
    typeK: row.type_k,
    typeV: row.type_v,
    splitMode: row.split_mode,
    tensorSplit: tensorSplit(row),
    mainGpu: row.main_gpu,
    nCpuMoe: row.n_cpu_moe,
    noKvOffload: row.no_kv_offload,
    loadMode: row.load_mode,
  } satisfies Record<Exclude<keyof typeof matrixFlags, "models" | "quantizations">, SettingText>;
}

/** `0.00` is what llama-bench prints where none was given. */
function tensorSplit({ tensor_split: text }: CaseRow): string | null {
  return text !== null && /[1-9]/.test(text) ? text : null;
}

const autoStops: ReadonlySet<CaseRow["stopped_by"]> = new Set([
  "precision",
  "max_time",
  "max_repetitions",
]);

/** Of each launch; null where they aren't told, or weren't the same in all. */
export function repetitionsText(row: CaseRow): SettingText {
  const { repetitions, launches, stopped_by: by } = row;
  if (row.sustain_s !== null || repetitions === null) return null;
  if (autoStops.has(by)) return "auto";
  const each = repetitions / (launches ?? 1);
  return Number.isInteger(each) ? each : null;
}

/**
 * What holds for the whole run. The GPU's budget may be the device's own or `--gpu-budget`: a row doesn't tell them apart,
 * and its layers stand in the line.
 */
export function runTexts(row: CaseRow) {
  return {
    weights: row.weights,
    repetitions: repetitionsText(row),
    // Asked was a little less: the last repetition was begun before that time was up.
    sustainSeconds: row.sustain_s === null ? null : Math.max(1, Math.floor(row.sustain_s)),
    launches: row.sustain_s === null ? row.launches : null,
    device: row.backend,
    useCtx: row.fit_ctx,
    seed: row.seed,
  } satisfies SettingTexts;
}
