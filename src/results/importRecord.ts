/**
 * One record of llama-bench, whatever format it was printed in, with plain types.
 *
 * Fields: test::get_fields, tools/llama-bench/llama-bench.cpp (llama.cpp v0.4.0), and those of older builds that say
 * the same (`cuda`, `metal`, `vulkan` flags for `backends`, `use_mmap` and `use_direct_io` for `load_mode`, `f16_kv` for
 * both cache types). Any other column is kept under its name: it may be a setting (llamaBenchSettings.ts).
 */
import { z } from "zod";

const blankAsNull = (value: unknown) => (value === "" || value === undefined ? null : value);
const text = z.preprocess(blankAsNull, z.string().nullable());
const real = z.preprocess(blankAsNull, z.coerce.number().nullable());
/** A person's cell for two models, or for one in two quantizations: which of them ran nobody knows. */
function namesTwo(cell: string): boolean {
  const types = cell.matchAll(/\b(?:i?q\d_(?:\w+)|tq\d_\d|b?f16|f32|mxfp4|nvfp4)\b/giu);
  const distinct = new Set([...types].map(([type]) => type.toLowerCase()));
  return (
    distinct.size > 1 || /\b\d+B\b.*(?:\s[/&+]\s|[,;]\s|\s(?:and|und)\s).*\b\d+B\b/u.test(cell)
  );
}

/** The CSV prints flags as 0 and 1, the JSON as false and true. */
const flag = z.preprocess((value) => {
  const known = blankAsNull(value);
  return known === null ? null : Number(known === true || known === "true" || Number(known) !== 0);
}, z.number().nullable());
/** Whole: merged cells of a spreadsheet and marks that repeat the cell above are no name, and a cell may be cut short. */
const name = z
  .string()
  .regex(/^(?!.*(?:…|\.{3})\s*$).*[\p{L}\p{N}]/u, "expected a name, whole")
  .refine((cell) => !namesTwo(cell), "expected one model in one quantization");
const tokens = z.coerce.number().int().min(0);
const samples = z.array(z.number().positive()).optional();

/** In words, as command lines and hand-made tables have it. */
const flashAttentionWords: Readonly<Record<string, number>> = {
  on: 1,
  enabled: 1,
  true: 1,
  yes: 1,
  off: 0,
  disabled: 0,
  false: 0,
  no: 0,
  auto: -1,
};

function flashAttention(value: unknown): unknown {
  return flashAttentionWords[String(value).trim().toLowerCase()] ?? blankAsNull(value);
}

export const benchRecordSchema = z.looseObject({
  build_commit: text,
  build_number: real,
  cpu_info: text,
  gpu_info: text,
  backends: text,
  cuda: flag,
  metal: flag,
  vulkan: flag,
  rpc: flag,
  model_filename: text,
  model_type: name,
  model_size: real,
  model_n_params: real,
  n_batch: real,
  n_ubatch: real,
  n_threads: real,
  f16_kv: flag,
  type_k: text,
  type_v: text,
  n_gpu_layers: real,
  n_cpu_moe: real,
  split_mode: text,
  main_gpu: real,
  no_kv_offload: flag,
  /** 1, 0, or -1: left to llama.cpp, which doesn't say here what it chose. */
  flash_attn: z.preprocess(flashAttention, z.coerce.number().nullable()),
  devices: text,
  /** As tables name them. */
  dev: text,
  tensor_split: text,
  tensor_buft_overrides: text,
  ot: text,
  use_mmap: flag,
  use_direct_io: flag,
  dio: flag,
  load_mode: text,
  n_prompt: tokens,
  n_gen: tokens,
  n_depth: z.preprocess((value) => blankAsNull(value) ?? 0, tokens),
  test_time: text,
  avg_ns: real,
  stddev_ns: real,
  avg_ts: z.coerce.number().positive(),
  stddev_ts: real,
  samples_ns: samples,
  samples_ts: samples,
  /**
   * Number of the run of llama-bench within its file, from 0: no column of llama-bench, but of the reader, which sees
   * where one output ends and the next begins. Absent where the text doesn't tell.
   */
  invocation: z.number().int().nonnegative().optional(),
});
export type BenchRecord = z.infer<typeof benchRecordSchema>;

/** Columns of tables and of older builds that say again what other columns do, or nothing of a setting. */
const sayNoMore =
  "model size params backend test t/s opencl clblast kompute sycl gpu_blas blas".split(" ");

const facts: ReadonlySet<string> = new Set([...Object.keys(benchRecordSchema.shape), ...sayNoMore]);

/** Whether a column has a place of its own. */
export function isFact(column: string): boolean {
  return facts.has(column);
}

/** Of a Markdown table, which has neither times nor what is llama-bench's default, and rounds the rest. */
export function isOfTable({ avg_ns, test_time }: BenchRecord): boolean {
  return avg_ns === null && test_time === null;
}
