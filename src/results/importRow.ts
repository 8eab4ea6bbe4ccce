/** llama-bench's record as a row of ours: same columns where llama-bench has them, unknown elsewhere. */
import type { BenchRecord } from "./importRecord.ts";
import { isSynthetic, modelOf, quantizationOf } from "./importModel.ts";
import type { KnownModel } from "./importModel.ts";
import { columnNames, schemaVersion } from "./caseResult.ts";
import type { Backend, CaseRow } from "./caseResult.ts";
import { chipName } from "../machine/machineName.ts";
import { testName } from "../suite/caseSettings.ts";

export interface ImportContext {
  /** Names the machine where the record doesn't (the Markdown table knows no hardware): the file's name without ending. */
  readonly fallbackMachine: string;
  readonly knownModels: readonly KnownModel[];
}

/** All columns unknown. */
export const unknownRow = {
  ...Object.fromEntries(columnNames.map((name) => [name, null])),
  samples_ts: [],
  warnings: [],
} as unknown as CaseRow;

export function rowOf(record: BenchRecord, index: number, context: ImportContext): CaseRow {
  const model = modelOf(record, context.knownModels);
  const nLayers = context.knownModels.find(({ id }) => id === model)?.nLayers ?? null;
  const gpus = record.gpu_info?.split(", ").filter((name) => name !== "") ?? [];
  const workload = { nPrompt: record.n_prompt, nGen: record.n_gen, nDepth: record.n_depth };
  const samples = record.samples_ts ?? [];
  return {
    ...unknownRow,
    schema_version: schemaVersion,
    run_id: "llama-bench",
    case_id: `llama-bench-${index}`,
    status: "measured",
    machine: machineName(record, gpus) ?? context.fallbackMachine,
    cpu_info: record.cpu_info,
    gpu_info: record.gpu_info,
    n_devices: gpus.length > 0 ? gpus.length : null,
    backend: backendOf(record),
    engine: "llama.cpp",
    engine_version: buildName(record),
    build_commit: known(record.build_commit),
    model,
    model_type: record.model_type,
    model_filename: record.model_filename,
    model_size: record.model_size,
    model_n_params: record.model_n_params,
    quantization: quantizationOf(record.model_type),
    weights: isSynthetic(record.model_filename) ? "synthetic" : null,
    n_layers: nLayers,
    n_gpu_layers: gpuLayers(record, nLayers),
    split_mode: record.split_mode,
    main_gpu: record.main_gpu,
    tensor_split: record.tensor_split,
    n_cpu_moe: record.n_cpu_moe,
    no_kv_offload: record.no_kv_offload,
    load_mode: loadMode(record),
    n_threads: record.n_threads,
    n_batch: record.n_batch,
    n_ubatch: record.n_ubatch,
    type_k: record.type_k,
    type_v: record.type_v,
    flash_attn: record.flash_attn === -1 ? null : record.flash_attn,
    test: testName(workload),
    n_prompt: record.n_prompt,
    n_gen: record.n_gen,
    n_depth: record.n_depth,
    launches: 1,
    repetitions: samples.length > 0 ? samples.length : null,
    avg_ns: record.avg_ns,
    stddev_ns: record.stddev_ns,
    avg_ts: record.avg_ts,
    // One repetition has no spread: llama-bench prints 0 for it.
    stddev_ts: samples.length === 1 ? null : record.stddev_ts,
    samples_ts: samples,
    weights_bytes: record.model_size,
    test_time: record.test_time,
  };
}

/** The backend that computes; BLAS stands beside Metal on a Mac, and alone means the CPU. */
function backendOf(record: BenchRecord): Backend | null {
  const words = (record.backends ?? "").toLowerCase().split(",");
  const has = (...names: string[]) => words.some((word) => names.includes(word.trim()));
  if (has("cuda") || record.cuda === 1) return "cuda";
  if (has("metal", "mtl") || record.metal === 1) return "metal";
  if (has("vulkan") || record.vulkan === 1) return "vulkan";
  return has("cpu", "blas") ? "cpu" : null;
}

/** -1 asks for all, as does any number past the layers that there are (the output counts as one). */
function gpuLayers({ n_gpu_layers }: BenchRecord, nLayers: number | null): number | null {
  if (n_gpu_layers === null || nLayers === null) return n_gpu_layers;
  return n_gpu_layers < 0 ? nLayers + 1 : Math.min(n_gpu_layers, nLayers + 1);
}

function loadMode({ load_mode, use_mmap }: BenchRecord): string | null {
  if (load_mode !== null || use_mmap === null) return load_mode;
  return use_mmap === 1 ? "mmap" : "none";
}

/** `b2824`; builds outside git say 0 or `unknown`. */
function buildName({ build_number }: BenchRecord): string | null {
  return build_number === null || build_number < 2 ? null : `b${build_number}`;
}

function known(commit: string | null): string | null {
  return commit === "unknown" ? null : commit;
}

/** `rtx-4090`, `2x-rtx-4090`, `m3-max`: llama-bench doesn't say how much memory there is. */
function machineName(record: BenchRecord, gpus: readonly string[]): string | null {
  const first = gpus[0] ?? record.cpu_info;
  if (first === null || first === "") return null;
  const alike = gpus.filter((name) => name === first).length;
  return alike > 1 ? `${alike}x-${chipName(first)}` : chipName(first);
}
