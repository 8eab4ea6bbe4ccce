/** A sweep with all that a report has to tell of: sizes, spread, rows without a speed, warnings. */
import type { JournalRow } from "../../src/results/row.ts";
import { measured, unmeasured, written } from "../results/journals.ts";

const mib = 2 ** 20;

function speed(mean: number): Partial<JournalRow> {
  return {
    avg_ts: mean,
    stddev_ts: mean * 0.005,
    ci95_low_ts: mean * 0.98,
    ci95_high_ts: mean * 1.02,
    samples_ts: [mean * 0.995, mean, mean * 1.005],
  };
}

const q8 = {
  quantization: "q8_0",
  model_filename: "llama-2-7b-q8_0.gguf",
  model_size: 6829 * mib,
  llama_bench: "llama-bench -m llama-2-7b-q8_0.gguf -p 0 -n 128 -ngl 99 -r 3",
};
const seventy = {
  model: "llama-2-70b",
  quantization: "f16",
  model_size: 131_565 * mib,
  model_n_params: 68_976_648_192,
  n_layers: 80,
  n_gpu_layers: null,
  n_ctx: null,
  flash_attn: null,
  load_mode: null,
  llama_bench: "llama-bench -m llama-2-70b-f16.gguf -p 0 -n 128 -ngl 99 -r 3",
};
const prompt = { test: "pp512", n_prompt: 512, n_gen: 0 };

export const sweep: readonly JournalRow[] = [
  written({ ...measured, ...prompt, case_id: "1", ...speed(758.94), warnings: [] }),
  { ...measured, case_id: "2" },
  written({
    ...measured,
    ...q8,
    ...prompt,
    case_id: "3",
    ...speed(741.02),
    warnings: ["single_launch"],
  }),
  written({
    ...measured,
    ...q8,
    case_id: "4",
    ...speed(42.17),
    warnings: ["single_launch", "drift: -4% over 3 repetitions"],
  }),
  unmeasured({
    ...seventy,
    case_id: "5",
    status: "does_not_fit",
    reason: "predicted_oom: needs 128.80 GiB, the budget is 48.00 GiB",
    fit: "none",
    fit_at_ctx: "none",
    max_ctx: null,
    device_bytes_measured: null,
    host_bytes_measured: null,
    device_bytes_predicted: 131_891 * mib,
    load_ms: null,
  }),
  unmeasured({
    ...seventy,
    case_id: "6",
    quantization: "q4_0",
    status: "failed",
    reason: "crashed: the child ended by SIGABRT in repetition 2",
    fit: "partial",
    n_gpu_layers: 60,
    stderr_tail: ["ggml-metal: error: command buffer 0 failed", "GGML_ASSERT(ok) failed"],
  }),
];

const evil = `<img src=x onerror=alert(1)>"'&|*_[a](http://evil.example)\`\u001B[31m\u202E\n# h`;

/** Every text of a row as someone who means harm would write it. */
export const hostile: JournalRow = unmeasured({
  status: "failed",
  reason: `crashed: ${evil}`,
  run_id: evil,
  case_id: evil,
  machine: evil,
  machine_model: evil,
  os: evil,
  driver: evil,
  cpu_info: evil,
  gpu_info: evil,
  model: evil,
  model_type: evil,
  model_filename: evil,
  quantization: evil,
  split_mode: evil,
  tensor_split: evil,
  load_mode: evil,
  type_k: evil,
  type_v: evil,
  power_mode: evil,
  test: evil,
  engine: evil,
  engine_version: evil,
  build_commit: evil,
  warnings: [evil, `drift: ${evil}`],
  llama_bench: `llama-bench \`\`\`\` ${evil}`,
  stderr_tail: [evil, "```"],
});
