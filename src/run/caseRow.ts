/** Rows of the results: what is known of a case before it runs, and what its launches add. */
import { formatBytes } from "../base/bytes.ts";
import type { OpenedModel } from "../engines/engine.ts";
import type { EngineInfo } from "../llamacpp/engineInfo.ts";
import { gpuDevices } from "../llamacpp/gpuDevices.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import type { Noise } from "../machine/noise.ts";
import type { RaisedMetalLimit } from "../machine/metalLimit.ts";
import { parametersOf } from "../models/modelParameters.ts";
import type { CaseMemory } from "../plan/caseMemory.ts";
import { testSpeed } from "../plan/caseSpeed.ts";
import type { BenchCase } from "../plan/plan.ts";
import {
  schemaVersion,
  type CaseResult,
  type ReasonCode,
  type Status,
} from "../results/caseResult.ts";
import { summarizeCase } from "../results/summarizeCase.ts";
import { warning } from "../results/warnings.ts";
import { testName } from "../suite/caseSettings.ts";
import { llamaBenchCommandOf } from "./llamaBenchCommand.ts";

/** What all rows of a run share. */
export interface RowContext {
  readonly runId: string;
  readonly machine: MachineInfo;
  readonly engine: EngineInfo;
  readonly gpuBudgetBytes: number | null;
  readonly repetitions: number | "auto";
  readonly seed: number;
  /** Null where it wasn't measured. */
  readonly noise: Noise | null;
  /** SHA-256 of real weights, by the path of their first file. */
  readonly sha256: ReadonlyMap<string, string>;
}

/** A row with all that is known without running the case. */
export function plannedRow(one: BenchCase, context: RowContext): CaseResult {
  const { machine, engine } = context;
  const { workload, placement, context: contextSettings } = one.settings;
  const { model, quantization, source } = one.variant;
  return {
    schema_version: schemaVersion,
    run_id: context.runId,
    case_id: one.id,
    status: "skipped",
    reason: null,
    machine: machine.name,
    machine_model: machine.machine_model,
    os: machine.os,
    driver: machine.driver,
    cpu_info: machine.cpu_info,
    gpu_info: machine.gpu_info,
    gpu_cores: machine.gpu_cores,
    n_devices: gpuDevices(engine).length,
    backend: engine.backend,
    ram_bytes: machine.ram_bytes,
    gpu_budget_bytes: context.gpuBudgetBytes,
    power_source: machine.power_source,
    power_mode: machine.power_mode,
    engine: engine.engine,
    engine_version: engine.engine_version,
    build_commit: engine.build_commit,
    model: model.id,
    model_type: null,
    model_filename: source.path,
    model_sha256: context.sha256.get(source.path) ?? null,
    model_size: source.tensorBytes,
    model_n_params: parametersOf(model),
    quantization,
    weights: source.weights,
    header_of: source.headerOf,
    n_layers: model.shape?.n_layers ?? null,
    n_gpu_layers: one.memory?.fit.nGpuLayers ?? null,
    split_mode: placement.splitMode,
    main_gpu: placement.mainGpu,
    tensor_split: placement.tensorSplit.map((share) => share.toFixed(2)).join("/") || "0.00",
    n_cpu_moe: placement.nCpuMoe,
    no_kv_offload: contextSettings.noKvOffload ? 1 : 0,
    load_mode: null,
    n_threads: contextSettings.nThreads,
    n_batch: contextSettings.nBatch,
    n_ubatch: contextSettings.nUbatch,
    n_ctx: null,
    type_k: contextSettings.typeK,
    type_v: contextSettings.typeV,
    flash_attn: null,
    test: testName(workload),
    n_prompt: workload.nPrompt,
    n_gen: workload.nGen,
    n_depth: workload.nDepth,
    ...summarizeCase([], 1),
    ...memoryColumns(one.memory),
    weights_bytes: source.tensorBytes,
    device_bytes_measured: null,
    host_bytes_measured: null,
    predicted_ts: one.speed === null ? null : testSpeed(workload, one.speed),
    seed: context.seed,
    warnings: memoryWarnings(one.memory),
    test_time: null,
    buffers: [],
    output_nmse: null,
    llama_bench: llamaBenchCommandOf(one, context.repetitions),
    stderr_tail: [],
  };
}

type MemoryColumns = Pick<
  CaseResult,
  | "fit"
  | "fit_ctx"
  | "fit_at_ctx"
  | "max_ctx"
  | "kv_bytes"
  | "compute_bytes"
  | "device_bytes_predicted"
  | "host_bytes_predicted"
>;

function memoryColumns(memory: CaseMemory | null): MemoryColumns {
  const prediction = memory?.fit.prediction;
  return {
    fit: memory?.fit.fit ?? null,
    fit_ctx: memory?.useCtx ?? null,
    fit_at_ctx: memory?.atUse.fit ?? null,
    max_ctx: memory?.atUse.maxCtx ?? null,
    kv_bytes: prediction?.kvBytes ?? null,
    compute_bytes: prediction?.computeBytes ?? null,
    device_bytes_predicted: prediction?.deviceBytes ?? null,
    host_bytes_predicted: prediction?.hostBytes ?? null,
  };
}

function memoryWarnings(memory: CaseMemory | null): string[] {
  if (memory === null) return [];
  const { tight, raisedLimit } = memory.fit;
  return [
    ...(tight ? [warning("tight")] : []),
    ...(raisedLimit === null ? [] : [warning("metal_limit", describeRaisedLimit(raisedLimit))]),
  ];
}

function describeRaisedLimit({ command, leavesBytes }: RaisedMetalLimit): string {
  return `${command} leaves ${formatBytes(leavesBytes)} for macOS`;
}

export function withoutResult(
  row: CaseResult,
  status: Exclude<Status, "measured">,
  code: ReasonCode,
  text: string,
  stderrTail: readonly string[] = [],
): CaseResult {
  return { ...row, status, reason: `${code}: ${text}`, stderr_tail: [...stderrTail] };
}

/** What the engine made of the placement. */
export function withModel(row: CaseResult, model: OpenedModel): CaseResult {
  return {
    ...row,
    model_type: model.modelType,
    model_size: model.modelBytes,
    model_n_params: model.modelParameters,
    n_layers: model.nLayers,
    n_gpu_layers: model.gpuLayers,
    load_mode: model.loadMode,
    weights_bytes: model.modelBytes,
  };
}

/** Backends round differently, and quantize activations in their own ways: up to 2e-3 was seen where all is right. */
const largestOutputError = 1e-2;

/** Whether the device computes what the CPU does, where the model has layers on it. */
export function withOutputError(row: CaseResult, error: number | null): CaseResult {
  if (error === null || (row.n_gpu_layers ?? 0) === 0) return row;
  const wrong = error > largestOutputError;
  return {
    ...row,
    output_nmse: error,
    warnings: wrong
      ? [...row.warnings, warning("output_differs_from_cpu", error.toPrecision(2))]
      : row.warnings,
  };
}
