/**
 * Refuses a llama.cpp whose struct layouts are not the ones in `structs.ts`: a wrong offset would measure nonsense or
 * crash, and never say so.
 */
import { LlmbenchError } from "../../errors.ts";
import type { LlamaApi } from "./api.ts";
import { layoutPackageVersion } from "./structs.ts";

/** llama_version() of the llama.cpp that node-llama-cpp 3.21.1 carries. */
const expectedVersion = "0.4.0-dev";

/** Defaults that the header states (include/llama.h and src/llama-context.cpp, v0.4.0), spread over each struct. */
function expectedDefaults(api: LlamaApi): [what: string, seen: unknown, expected: unknown][] {
  const model = api.modelDefaultParams();
  const context = api.contextDefaultParams();
  const quantize = api.quantizeDefaultParams();
  const pool = api.threadpoolDefaultParams(3);
  return [
    ["model n_gpu_layers", model.n_gpu_layers, -1],
    ["model split_mode", model.split_mode, 1],
    ["model load_mode", model.load_mode, -1],
    ["model lazy_mode", model.lazy_mode, 1],
    ["model no_host", model.no_host, false],
    ["model use_extra_bufts", model.use_extra_bufts, true],
    ["model no_alloc", model.no_alloc, false],
    ["context n_ctx", context.n_ctx, 512],
    ["context n_batch", context.n_batch, 2048],
    ["context n_ubatch", context.n_ubatch, 512],
    ["context flash_attn_type", context.flash_attn_type, -1],
    ["context yarn_beta_fast", context.yarn_beta_fast, -1],
    ["context type_k", context.type_k, 1],
    ["context type_v", context.type_v, 1],
    ["context embeddings", context.embeddings, false],
    ["context op_offload", context.op_offload, true],
    ["context offload_kqv", context.offload_kqv, true],
    ["context swa_full", context.swa_full, true],
    ["quantize quantize_output_tensor", quantize.quantize_output_tensor, true],
    ["quantize dry_run", quantize.dry_run, false],
    ["threadpool n_threads", pool.n_threads, 3],
    ["threadpool prio", pool.prio, 0],
    ["threadpool strict_cpu", pool.strict_cpu, false],
    ["threadpool poll", pool.poll, 50],
    ["threadpool paused", pool.paused, false],
  ];
}

/** @throws {LlmbenchError} `engine` when library or defaults are not those of the layouts. */
export function checkLayouts(api: LlamaApi): void {
  requireEqual("llama_version()", api.version(), expectedVersion);
  for (const [what, seen, expected] of expectedDefaults(api)) {
    requireEqual(`the default of ${what}`, seen, expected);
  }
}

/** @throws {LlmbenchError} `engine` */
export function requireEqual(what: string, seen: unknown, expected: unknown): void {
  if (seen === expected) return;
  throw new LlmbenchError(
    "engine",
    `${what} is ${String(seen)} where ${String(expected)} was expected: this llmbench reads llama.cpp's structs ` +
      `as node-llama-cpp ${layoutPackageVersion} has them; run "npm ci" to get that version`,
  );
}
