/**
 * One record of llama-bench, whatever format it was printed in, with plain types.
 *
 * Fields: test::get_fields, tools/llama-bench/llama-bench.cpp (llama.cpp v0.4.0), and those of older builds that say
 * the same (`cuda`, `metal`, `vulkan` flags for `backends`, `use_mmap` for `load_mode`). Columns that a newer build
 * adds are ignored.
 */
import { z } from "zod";

const blankAsNull = (value: unknown) => (value === "" || value === undefined ? null : value);
const text = z.preprocess(blankAsNull, z.string().nullable());
const real = z.preprocess(blankAsNull, z.coerce.number().nullable());
/** The CSV prints flags as 0 and 1, the JSON as false and true. */
const flag = z.preprocess((value) => {
  const known = blankAsNull(value);
  return known === null ? null : Number(known === true || known === "true" || Number(known) !== 0);
}, z.number().nullable());
const samples = z.array(z.number().positive()).optional();

export const benchRecordSchema = z.looseObject({
  build_commit: text,
  build_number: real,
  cpu_info: text,
  gpu_info: text,
  backends: text,
  cuda: flag,
  metal: flag,
  vulkan: flag,
  model_filename: text,
  model_type: z.string(),
  model_size: real,
  model_n_params: real,
  n_batch: real,
  n_ubatch: real,
  n_threads: real,
  type_k: text,
  type_v: text,
  n_gpu_layers: real,
  n_cpu_moe: real,
  split_mode: text,
  main_gpu: real,
  no_kv_offload: flag,
  /** 1, 0, or -1: left to llama.cpp, which doesn't say here what it chose. */
  flash_attn: z.preprocess(
    (value) => (typeof value === "boolean" ? Number(value) : blankAsNull(value)),
    z.coerce.number().nullable(),
  ),
  tensor_split: text,
  use_mmap: flag,
  load_mode: text,
  n_prompt: z.coerce.number(),
  n_gen: z.coerce.number(),
  n_depth: z.preprocess((value) => blankAsNull(value) ?? 0, z.coerce.number()),
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
