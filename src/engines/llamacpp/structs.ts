/**
 * C struct layouts of llama.cpp v0.4.0 (include/llama.h, ggml/include/ggml.h), passed by value through koffi.
 * Members stand in the header's order; enums are C ints. `layoutGate.ts` checks them against the library's defaults.
 */
import koffi from "koffi";

/** The one node-llama-cpp release whose bundled llama.cpp these layouts describe. */
export const layoutPackageVersion = "3.21.1";

/** ggml/include/ggml.h: GGML_MAX_N_THREADS. */
export const maxThreads = 512;

export type Pointer = bigint;

/** Fields that llmbench sets; every other field keeps the library's default. */
export interface ModelParams {
  devices: Pointer | null;
  tensor_buft_overrides: Pointer | null;
  n_gpu_layers: number;
  split_mode: number;
  load_mode: number;
  lazy_mode: number;
  main_gpu: number;
  tensor_split: Pointer | null;
  check_tensors: boolean;
  use_extra_bufts: boolean;
  no_host: boolean;
  no_alloc: boolean;
}

export interface ContextParams {
  n_ctx: number;
  n_batch: number;
  n_ubatch: number;
  n_seq_max: number;
  n_threads: number;
  n_threads_batch: number;
  flash_attn_type: number;
  yarn_beta_fast: number;
  type_k: number;
  type_v: number;
  embeddings: boolean;
  offload_kqv: boolean;
  op_offload: boolean;
  no_perf: boolean;
  swa_full: boolean;
}

export interface QuantizeParams {
  nthread: number;
  ftype: number;
  output_tensor_type: number;
  token_embedding_type: number;
  quantize_output_tensor: boolean;
  pure: boolean;
  dry_run: boolean;
  imatrix: Pointer | null;
  max_buf_size: number;
}

export interface ThreadpoolParams {
  /** A place for each thread that ggml takes; all false is no mask. */
  cpumask: boolean[];
  n_threads: number;
  prio: number;
  poll: number;
  strict_cpu: boolean;
  paused: boolean;
}

/** What `ggml_init` takes. */
export interface InitParams {
  mem_size: number;
  mem_buffer: null;
  no_alloc: boolean;
}

/** What `llama_decode` takes; null arrays mean sequence 0, positions counted on, logits of the last token only. */
export interface BatchFields {
  n_tokens: number;
  token: Pointer;
  embd: null;
  pos: null;
  n_seq_id: null;
  seq_id: null;
  logits: null;
}

/** The same bytes in machine words: koffi copies them in 0.3 µs, where the fields take it 1.2 µs a token. */
export interface Batch {
  readonly words: BigInt64Array | Int32Array;
}

koffi.struct("llama_model_params", {
  devices: "void *",
  tensor_buft_overrides: "void *",
  n_gpu_layers: "int32_t",
  split_mode: "int",
  load_mode: "int",
  lazy_mode: "int",
  main_gpu: "int32_t",
  tensor_split: "void *",
  progress_callback: "void *",
  progress_callback_user_data: "void *",
  kv_overrides: "void *",
  vocab_only: "bool",
  check_tensors: "bool",
  use_extra_bufts: "bool",
  no_host: "bool",
  no_alloc: "bool",
  load_mtp: "bool",
});

koffi.struct("llama_context_params", {
  n_ctx: "uint32_t",
  n_batch: "uint32_t",
  n_ubatch: "uint32_t",
  n_seq_max: "uint32_t",
  n_rs_seq: "uint32_t",
  n_outputs_max: "uint32_t",
  n_outputs_max_per_seq: "uint32_t",
  n_threads: "int32_t",
  n_threads_batch: "int32_t",
  ctx_type: "int",
  rope_scaling_type: "int",
  pooling_type: "int",
  attention_type: "int",
  flash_attn_type: "int",
  rope_freq_base: "float",
  rope_freq_scale: "float",
  yarn_ext_factor: "float",
  yarn_attn_factor: "float",
  yarn_beta_fast: "float",
  yarn_beta_slow: "float",
  yarn_orig_ctx: "uint32_t",
  defrag_thold: "float",
  cb_eval: "void *",
  cb_eval_user_data: "void *",
  type_k: "int",
  type_v: "int",
  abort_callback: "void *",
  abort_callback_data: "void *",
  embeddings: "bool",
  offload_kqv: "bool",
  no_perf: "bool",
  op_offload: "bool",
  swa_full: "bool",
  kv_unified: "bool",
  samplers: "void *",
  n_samplers: "size_t",
  ctx_other: "void *",
});

koffi.struct("llama_model_quantize_params", {
  nthread: "int32_t",
  ftype: "int",
  output_tensor_type: "int",
  token_embedding_type: "int",
  allow_requantize: "bool",
  quantize_output_tensor: "bool",
  only_copy: "bool",
  pure: "bool",
  keep_split: "bool",
  dry_run: "bool",
  imatrix: "void *",
  kv_overrides: "void *",
  tt_overrides: "void *",
  prune_layers: "void *",
  max_buf_size: "size_t",
});

koffi.struct("llama_batch", {
  n_tokens: "int32_t",
  token: "void *",
  embd: "void *",
  pos: "void *",
  n_seq_id: "void *",
  seq_id: "void *",
  logits: "void *",
});

/** Larger than what any ABI passes in registers, so that its parts' types don't matter. */
const batchWords = koffi.sizeof("llama_batch") / koffi.sizeof("void *");
koffi.struct("llama_batch_words", { words: koffi.array("intptr_t", batchWords) });

/** @throws where `fields` has another type than llama.h's. */
export function encodeBatch(fields: BatchFields): Batch {
  const bytes = koffi.alloc("llama_batch", 1) as Pointer;
  koffi.encode(bytes, "llama_batch", fields);
  const copy = koffi.view(bytes, koffi.sizeof("llama_batch")).slice(0);
  koffi.free(bytes);
  return { words: koffi.sizeof("void *") === 8 ? new BigInt64Array(copy) : new Int32Array(copy) };
}

koffi.struct("ggml_threadpool_params", {
  cpumask: koffi.array("bool", maxThreads),
  n_threads: "int",
  prio: "int",
  poll: "uint32_t",
  strict_cpu: "bool",
  paused: "bool",
});

koffi.struct("ggml_init_params", {
  mem_size: "size_t",
  mem_buffer: "void *",
  no_alloc: "bool",
});

/** Where `struct ggml_tensor` has its type, what holds its data, and its dimensions (ggml/include/ggml.h). */
export const tensorOffsets = { type: 0, buffer: 8, dimensions: 16 } as const;
