/**
 * llama-bench's SQL (`sql_printer`, tools/llama-bench, llama.cpp v0.4.0), for whoever keeps its table: fields, their order and
 * types are its own. What llama-bench has no row for stands there as a comment.
 */
import type { Backend } from "../bench/backends.ts";
import { otherSetting, type OtherSettingName } from "../bench/otherSettings.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import { generatedTokens, isLlamaBench, promptTokens, testName } from "../bench/workload.ts";
import { modelName } from "./caseName.ts";
import type { Reported, Reporter } from "./reporter.ts";

const table = "llama_bench";

type Value = string | number | boolean | null;

interface Field {
  readonly type: "TEXT" | "INTEGER" | "REAL";
  readonly of: (record: MeasuredRecord, builds: Builds) => Value;
}

/** Number of the build that a run was made with; llama.cpp says 0 where it isn't known. */
type Builds = ReadonlyMap<string, number>;

const text = (of: Field["of"]): Field => ({ type: "TEXT", of });
const integer = (of: Field["of"]): Field => ({ type: "INTEGER", of });
const real = (of: Field["of"]): Field => ({ type: "REAL", of });

function other(name: OtherSettingName): Field["of"] {
  return ({ settings }) => otherSetting(settings.others, name);
}

const fields: Readonly<Record<string, Field>> = {
  build_commit: text(({ engine }) => engine.commit),
  build_number: integer((record, builds) => buildNumber(record, builds)),
  cpu_info: text(({ machine }) => machine.cpu),
  gpu_info: text(({ machine }) => machine.gpu ?? ""),
  backends: text(({ engine }) => (engine.backend === null ? null : backendNames[engine.backend])),
  model_filename: text(({ model }) => model.file),
  model_type: text((record) => record.model.type ?? modelName(record)),
  model_size: integer(({ model }) => model.bytes),
  model_n_params: integer(({ model }) => model.parameters),
  n_batch: integer(({ settings }) => settings.nBatch),
  n_ubatch: integer(({ settings }) => settings.nUbatch),
  n_threads: integer(({ settings }) => settings.nThreads),
  cpu_mask: text(other("cpuMask")),
  cpu_strict: integer(other("cpuStrict")),
  poll: integer(other("poll")),
  type_k: text(({ settings }) => settings.typeK),
  type_v: text(({ settings }) => settings.typeV),
  n_gpu_layers: integer(({ settings }) => settings.gpuLayers),
  n_cpu_moe: integer(({ settings }) => settings.nCpuMoe),
  split_mode: text(({ settings }) => settings.splitMode),
  main_gpu: integer(({ settings }) => settings.mainGpu),
  no_kv_offload: integer(({ settings }) => settings.noKvOffload),
  // -1 is what was left to llama.cpp, and isn't told.
  flash_attn: integer(({ settings }) => settings.flashAttn ?? -1),
  devices: text(({ settings }) => settings.devices ?? "auto"),
  tensor_split: text(({ settings }) => settings.tensorSplit),
  tensor_buft_overrides: text(({ settings }) => settings.tensorOverrides ?? "none"),
  load_mode: text(({ settings }) => settings.loadMode),
  lazy_mode: text(other("lazyMode")),
  embeddings: integer(other("embeddings")),
  no_op_offload: integer(other("noOpOffload")),
  no_host: integer(other("noHost")),
  // llmbench asks llama.cpp for a placement, and never for a fit.
  fit_target: integer(({ settings }) => settings.others["fit_target"] ?? 0),
  fit_min_ctx: integer(({ settings }) => settings.others["fit_min_ctx"] ?? 0),
  n_prompt: integer(({ workload }) => promptTokens(workload)),
  n_gen: integer(({ workload }) => generatedTokens(workload)),
  n_depth: integer(({ workload }) => workload.depth),
  test_time: text(({ testTime }) => testTime),
  avg_ns: integer(({ summary }) => rounded(summary.meanNs)),
  stddev_ns: integer(({ summary }) => rounded(summary.sdNs ?? 0)),
  avg_ts: real(({ summary }) => summary.mean),
  stddev_ts: real(({ summary }) => summary.sd ?? 0),
};

const names = Object.keys(fields);

/** Backends by the names that llama.cpp registers them under. */
const backendNames: Readonly<Record<Backend, string>> = {
  cpu: "CPU",
  cuda: "CUDA",
  metal: "MTL",
  vulkan: "Vulkan",
  rocm: "ROCm",
  sycl: "SYCL",
  opencl: "OpenCL",
  cann: "CANN",
  musa: "MUSA",
  rpc: "RPC",
};

/** What llama-bench measured says it in its version, `b2824`. */
function buildNumber({ runId, engine }: CaseRecord, builds: Builds): number {
  const told = /^b(\d+)$/.exec(engine.version ?? "")?.[1];
  return told === undefined ? (builds.get(runId) ?? 0) : Number(told);
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}

/** Every value is quoted, as llama-bench does it; unlike there, a quote within one is doubled, and unknown is NULL. */
function literal(value: Value, type: Field["type"]): string {
  if (value === null) return "NULL";
  const plain = typeof value === "boolean" ? Number(value) : value;
  const shown = type === "REAL" && typeof plain === "number" ? plain.toFixed(6) : String(plain);
  return `'${shown.replaceAll("'", "''")}'`;
}

function insert(record: MeasuredRecord, builds: Builds): string {
  const values = Object.values(fields).map(({ type, of }) => literal(of(record, builds), type));
  return `INSERT INTO ${table} (${names.join(", ")}) VALUES (${values.join(", ")});\n`;
}

/** Tests that llama-bench has: prompts, generation and both, of one sequence. */
function hasRow(record: CaseRecord): record is MeasuredRecord {
  return isMeasured(record) && isLlamaBench(record.workload) && record.workload.parallel === 1;
}

function comment(record: CaseRecord): string {
  const why = isMeasured(record) ? "llama-bench has no such test" : record.status;
  const line = `${modelName(record)} ${testName(record.workload)}: ${why}`;
  return `-- ${line.replaceAll(/\s+/g, " ")}\n`;
}

function header(): string {
  const columns = Object.entries(fields).map(([name, { type }]) => `  ${name} ${type}`);
  return `CREATE TABLE IF NOT EXISTS ${table} (\n${columns.join(",\n")}\n);\n\n`;
}

function buildsOf(runs: Reported["runs"]): Builds {
  return new Map(
    runs.flatMap(({ run_id, engine: { build_number: number } }) =>
      number === null ? [] : [[run_id, number] as const],
    ),
  );
}

export const sql: Reporter = {
  help: "llama-bench's SQL: its table, and a row for each case that was measured",
  *pieces({ runs, cases }) {
    const builds = buildsOf(runs);
    yield header();
    for (const record of cases) yield hasRow(record) ? insert(record, builds) : comment(record);
  },
};
