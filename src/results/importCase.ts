/** llama-bench's record as a case of ours: known where llama-bench tells it, unknown elsewhere. */
import type { Backend } from "../bench/backends.ts";
import type { CaseRecord, MachineFacts, ModelFacts } from "../bench/record.ts";
import type { Summary } from "../bench/summary.ts";
import { ownMetric, workloadOf, type Workload } from "../bench/workload.ts";
import { chipName } from "../machine/machineName.ts";
import { identify, isSynthetic, quantizationOf, type KnownModel } from "./importModel.ts";
import type { BenchRecord } from "./importRecord.ts";
import { devicesOf, settingFacts } from "./importSettings.ts";
import { toldLaunches } from "./toldLaunches.ts";
import { unknownCase } from "./unknownCase.ts";

export interface ImportContext {
  /** Names the machine where the record doesn't (the Markdown table knows no hardware): the file's name without ending. */
  readonly fallbackMachine: string;
  readonly knownModels: readonly KnownModel[];
}

export function caseOf(record: BenchRecord, index: number, context: ImportContext): CaseRecord {
  const { n_prompt: prompt, n_gen: generated, n_depth: depth } = record;
  const workload = workloadOf({ prompt, generated, depth });
  const summary = summaryOf(record, workload);
  const model = modelFacts(record, context);
  return {
    ...unknownCase,
    id: `llama-bench-${index}`,
    runId: "llama-bench",
    machine: machineFacts(record, context),
    engine: {
      name: "llama.cpp",
      version: buildName(record),
      commit: known(record.build_commit),
      backend: backendOf(record),
    },
    model,
    settings: settingFacts(record, model.nLayers),
    workload,
    memory: { ...unknownCase.memory, weightsBytes: record.model_size },
    testTime: record.test_time,
    status: "measured",
    launches: toldLaunches(summary),
    summary,
  };
}

function machineFacts(record: BenchRecord, { fallbackMachine }: ImportContext): MachineFacts {
  const gpus = record.gpu_info?.split(", ").filter((name) => name !== "") ?? [];
  const devices = devicesOf(record);
  return {
    ...unknownCase.machine,
    name: machineName(record, gpus) ?? fallbackMachine,
    cpu: record.cpu_info,
    gpu: record.gpu_info,
    nDevices: devices === null && gpus.length > 0 ? gpus.length : (devices?.length ?? null),
  };
}

function modelFacts(record: BenchRecord, { knownModels }: ImportContext): ModelFacts {
  const { id, nLayers } = identify(record, knownModels);
  return {
    ...unknownCase.model,
    id,
    type: record.model_type,
    file: record.model_filename,
    bytes: record.model_size,
    parameters: record.model_n_params,
    quantization: quantizationOf(record.model_type),
    weights: isSynthetic(record.model_filename) ? "synthetic" : null,
    nLayers,
  };
}

/** llama-bench tells mean, standard deviation and, as JSON, every repetition. */
function summaryOf(record: BenchRecord, workload: Workload): Summary {
  const values = record.samples_ts ?? [];
  return {
    ...unknownCase.summary,
    metric: ownMetric(workload),
    launches: 1,
    repetitions: values.length > 0 ? values.length : null,
    meanNs: record.avg_ns,
    sdNs: record.stddev_ns,
    mean: record.avg_ts,
    // One repetition has no spread: llama-bench prints 0 for it.
    sd: values.length === 1 ? null : record.stddev_ts,
    values,
  };
}

/** As llama-bench prints them in `backends`, in lower case. */
const backendWords: Readonly<Record<string, Backend>> = {
  cuda: "cuda",
  metal: "metal",
  mtl: "metal",
  vulkan: "vulkan",
  rocm: "rocm",
  sycl: "sycl",
  opencl: "opencl",
  cann: "cann",
  musa: "musa",
  rpc: "rpc",
  cpu: "cpu",
  blas: "cpu",
  zendnn: "cpu",
};

/** The backend that computes; BLAS stands beside Metal on a Mac, RPC beside the local one, and alone BLAS means the CPU. */
function backendOf(record: BenchRecord): Backend | null {
  if (record.cuda === 1) return "cuda";
  if (record.metal === 1) return "metal";
  if (record.vulkan === 1) return "vulkan";
  const words = (record.backends ?? "").toLowerCase().split(",");
  const named = words.flatMap((word) => backendWords[word.trim()] ?? []);
  const local = named.filter((backend) => backend !== "cpu" && backend !== "rpc");
  const remote = named.filter((backend) => backend === "rpc");
  return [...local, ...remote, ...named][0] ?? null;
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
