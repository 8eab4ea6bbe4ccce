/** Lines of a journal as a run writes them. */
import type { RunLine } from "../../src/results/journalLines.ts";
import { columnNames, isReserved } from "../../src/results/columns/columns.ts";
import type { JournalRow, LineRow } from "../../src/results/row.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { caseOf } from "./rows.ts";

const gib = 2 ** 30;

/** A case's row with what follows from its columns. */
export function written(row: Partial<JournalRow>): JournalRow {
  return rowOf(caseOf(row));
}

export const measured: JournalRow = written({
  schema_version: 1,
  run_id: "20261123T142530Z-m3-max-40c-64gb",
  case_id: "c0ffee00",
  status: "measured",
  reason: null,
  machine: "m3-max-40c-64gb",
  machine_model: "MacBook Pro (Mac15,9)",
  os: "macOS 26.1",
  driver: null,
  cpu_info: "Apple M3 Max",
  gpu_info: "Apple M3 Max",
  gpu_cores: 40,
  n_devices: 1,
  backend: "metal",
  ram_bytes: 64 * gib,
  gpu_budget_bytes: 48 * gib,
  power_source: "ac",
  power_mode: null,
  engine: "llama.cpp",
  engine_version: "v0.4.0",
  build_commit: "abc1234",
  model: "llama-2-7b",
  model_type: "llama 7B Q4_0",
  model_filename: "llama-2-7b-q4_0.gguf",
  model_sha256: null,
  model_size: 3_825_807_360,
  model_n_params: 6_738_415_616,
  quantization: "q4_0",
  weights: "synthetic",
  n_layers: 32,
  n_gpu_layers: 33,
  split_mode: "layer",
  main_gpu: 0,
  tensor_split: null,
  n_cpu_moe: 0,
  no_kv_offload: 0,
  load_mode: "mmap",
  n_threads: 12,
  n_batch: 2048,
  n_ubatch: 512,
  n_ctx: 512,
  type_k: "f16",
  type_v: "f16",
  flash_attn: 1,
  test: "tg128",
  n_prompt: 0,
  n_gen: 128,
  n_depth: 0,
  launches: 1,
  repetitions: 3,
  avg_ns: 1_930_000_000.5,
  stddev_ns: 9_000_000.25,
  avg_ts: 66.31,
  stddev_ts: 0.31,
  median_ts: 66.3,
  mad_ts: 0.2,
  min_ts: 66,
  max_ts: 66.62,
  ci95_low_ts: 64.9,
  ci95_high_ts: 67.8,
  sd_within_ts: 0.31,
  sd_between_ts: null,
  samples_ts: [66, 66.31, 66.62],
  load_ms: 812.5,
  fit: "full",
  fit_ctx: 4096,
  fit_at_ctx: "full",
  max_ctx: 4096,
  weights_bytes: 3_825_807_360,
  kv_bytes: 268_435_456,
  compute_bytes: 74_500_000,
  device_bytes_predicted: 4_100_000_000,
  device_bytes_measured: 4_150_000_000,
  host_bytes_predicted: 80_000_000,
  host_bytes_measured: 81_000_000,
  predicted_ts: null,
  seed: 42,
  warnings: ["single_launch"],
  test_time: "2026-11-23T14:26:01Z",
  stopped_by: null,
  sustain_s: null,
  burst_ts: null,
  sustained_ts: null,
  sustained_drop: null,
  throttled_at_s: null,
  peak_rss_bytes: null,
  header_of: null,
  samples_ns: [1_939_393_939, 1_930_327_250, 1_921_344_942],
  warmup_ns: [2_100_000_000],
  launch_results: [
    {
      launch: 1,
      load_ms: 812.5,
      warmup_ns: [2_100_000_000],
      samples_ns: [1_939_393_939, 1_930_327_250, 1_921_344_942],
    },
  ],
  buffers: [
    {
      device: "MTL0",
      weights_bytes: 3_755_000_000,
      kv_bytes: 268_435_456,
      compute_bytes: 74_500_000,
      output_bytes: 0,
    },
  ],
  output_nmse: null,
  speed_over_time: [],
  llama_bench: "llama-bench -m llama-2-7b-q4_0.gguf -p 0 -n 128 -ngl 99 -r 3",
  stderr_tail: [],
});

/** A row without a measurement: all of its figures unknown. */
export function unmeasured(changes: Partial<JournalRow>): JournalRow {
  return written({
    ...measured,
    status: "skipped",
    buffers: [],
    predicted_ts: null,
    warnings: [],
    ...changes,
  });
}

export const runLine: RunLine = {
  type: "run",
  schema_version: 1,
  run_id: measured.run_id,
  started_at: "2026-11-23T14:25:30Z",
  llmbench_version: "0.1.0",
  machine: {
    name: "m3-max-40c-64gb",
    machine_model: "MacBook Pro (Mac15,9)",
    os: "macOS 26.1",
    driver: null,
    cpu_info: "Apple M3 Max",
    cores: { logical: 16, physical: 16, performance: 12, efficiency: 4 },
    default_threads: 12,
    gpu_info: "Apple M3 Max",
    gpu_cores: 40,
    unified_memory: true,
    ram_bytes: 64 * gib,
    ram_available_bytes: 50 * gib,
    ram_limit_bytes: null,
    swap_used_bytes: 0,
    power_source: "ac",
    power_mode: null,
  },
  engine: {
    engine: "llama.cpp",
    engine_version: "v0.4.0",
    build_commit: "abc1234",
    build_number: 9000,
    package: "node-llama-cpp 3.21.1",
    backend: "metal",
    devices: [
      {
        name: "MTL0",
        description: "Apple M3 Max",
        type: "gpu",
        free_bytes: 48 * gib,
        total_bytes: 48 * gib,
      },
    ],
    system_info: "NEON = 1 | ARM_FMA = 1",
    libraries: ["/opt/llmbench/libllama.metal.v0.4.0.dylib"],
  },
  options: { repetitions: 3, warmup: "full", seed: 42, launches: 1 },
  environment: {},
  plan: [
    {
      case_id: measured.case_id,
      model_spec: "7b",
      model: "llama-2-7b",
      quantization: "q4_0",
      weights: "synthetic",
      weights_identity: "5f0c9a1be2d34c77",
      launches: 1,
      settings: { workload: { nPrompt: 0, nGen: 128, nDepth: 0 } },
    },
  ],
};

export function planned(caseId: string): RunLine["plan"][number] {
  const [first] = runLine.plan;
  if (first === undefined) throw new Error("the run line plans a case");
  return { ...first, case_id: caseId };
}

const reserved = new Set<string>(columnNames.filter(isReserved));

/** A row as a line of the journal has it: without the columns that nothing fills yet. */
export function lineOf(row: JournalRow): { type: "case" } & LineRow {
  const filled = Object.entries(row).filter(([name]) => !reserved.has(name));
  return { type: "case", ...(Object.fromEntries(filled) as unknown as LineRow) };
}

/** The text of a journal. */
export function journalText(cases: readonly JournalRow[], run: RunLine = runLine): string {
  const plan = cases.map((result) => planned(result.case_id));
  const lines = [{ ...run, plan }, ...cases.map(lineOf)];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}
