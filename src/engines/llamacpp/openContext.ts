/** A context with its own ggml threadpool, as llama-bench sets one up (`to_llama_cparams`, tools/llama-bench, v0.4.0). */
import { flashAttnIds, kvCacheTypeIds } from "./enums.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { ContextRequest } from "./protocol.ts";
import type { Pointer } from "./structs.ts";
import { newThreadpool, type ThreadpoolRequest } from "./threadpool.ts";

export interface OpenContext {
  readonly pointer: Pointer;
  readonly memory: Pointer;
  readonly nCtx: number;
  close(): void;
}

/** @throws {EngineFailure} at `context`. */
export function openContext(
  engine: Engine,
  model: Pointer,
  request: ContextRequest & ThreadpoolRequest,
): OpenContext {
  const { api } = engine;
  const params = api.contextDefaultParams();
  params.n_ctx = request.nPrompt + request.nGen + request.nDepth;
  params.n_batch = request.nBatch;
  params.n_ubatch = request.nUbatch;
  params.type_k = kvCacheTypeIds[request.typeK];
  params.type_v = kvCacheTypeIds[request.typeV];
  params.flash_attn_type = flashAttnIds[request.flashAttn];
  params.offload_kqv = !request.noKvOffload;
  params.embeddings = request.embeddings;
  params.op_offload = !request.noOpOffload;
  params.swa_full = false;
  const pointer = api.contextInit(model, params);
  if (pointer === null)
    throw new EngineFailure("context", "llama.cpp could not create the context");

  const pool = newThreadpool(engine, request);
  api.attachThreadpool(pointer, pool.pointer, null);
  api.setThreads(pointer, request.nThreads, request.nThreads);
  return {
    pointer,
    memory: api.memoryOf(pointer),
    nCtx: api.contextSize(pointer),
    close() {
      api.contextFree(pointer);
      pool.free();
    },
  };
}
