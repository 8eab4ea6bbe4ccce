/** A context with its own ggml threadpool, as llama-bench sets one up (`to_llama_cparams`, tools/llama-bench, v0.4.0). */
import koffi from "koffi";
import { flashAttnIds, kvCacheTypeIds, schedulingPriorityNormal } from "./enums.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { ContextRequest } from "./protocol.ts";
import type { Pointer, ThreadpoolParams } from "./structs.ts";
// Declares the struct that a prototype below names.
import "./structs.ts";

/** llama-bench's `--poll` default: threads spin for a while before they sleep. */
const poll = 50;

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
  request: ContextRequest & { readonly nThreads: number },
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
  params.swa_full = false;
  const pointer = api.contextInit(model, params);
  if (pointer === null)
    throw new EngineFailure("context", "llama.cpp could not create the context");

  const pool = newThreadpool(engine, request.nThreads);
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

/** The threadpool's functions live in the CPU backend that was picked for this processor: asked for by name. */
function newThreadpool({ api }: Engine, threads: number): { pointer: Pointer; free(): void } {
  const address = (name: string) => {
    for (let index = 0; index < api.deviceCount(); index++) {
      const found = api.procAddress(api.deviceRegistry(api.device(index)), name);
      if (found !== null) return found;
    }
    throw new EngineFailure("engine", `no CPU backend of llama.cpp offers ${name}`);
  };
  const params: ThreadpoolParams = {
    ...api.threadpoolDefaultParams(threads),
    prio: schedulingPriorityNormal,
    poll,
    strict_cpu: false,
  };
  const pointer = koffi.call(
    address("ggml_threadpool_new"),
    newPrototype,
    params,
  ) as Pointer | null;
  if (pointer === null) throw new EngineFailure("context", `no threadpool of ${threads} threads`);
  return {
    pointer,
    free: () => void koffi.call(address("ggml_threadpool_free"), freePrototype, pointer),
  };
}

const newPrototype = koffi.proto("void *ggml_threadpool_new(ggml_threadpool_params *params)");
const freePrototype = koffi.proto("void ggml_threadpool_free(void *threadpool)");
