/** A context with its own ggml threadpool, as llama-bench sets one up (`to_llama_cparams`, tools/llama-bench, v0.4.0). */
import koffi from "koffi";
import type { Priority, ThreadSettings } from "../../bench/settings.ts";
import { flashAttnIds, kvCacheTypeIds } from "./enums.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { ContextRequest } from "./protocol.ts";
// Declares the struct that a prototype below names.
import { maxThreads, type Pointer, type ThreadpoolParams } from "./structs.ts";

export interface ThreadpoolRequest extends ThreadSettings {
  readonly priority: Priority;
}

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

/** The threadpool's functions live in the CPU backend that was picked for this processor: asked for by name. */
function newThreadpool(
  { api }: Engine,
  { nThreads, cpuMask, cpuStrict, poll, priority }: ThreadpoolRequest,
): { pointer: Pointer; free(): void } {
  const address = (name: string) => {
    for (let index = 0; index < api.deviceCount(); index++) {
      const found = api.procAddress(api.deviceRegistry(api.device(index)), name);
      if (found !== null) return found;
    }
    throw new EngineFailure("engine", `no CPU backend of llama.cpp offers ${name}`);
  };
  const params: ThreadpoolParams = {
    ...api.threadpoolDefaultParams(nThreads),
    cpumask: processorsOf(cpuMask),
    prio: priority,
    poll,
    strict_cpu: cpuStrict,
  };
  const pointer = koffi.call(
    address("ggml_threadpool_new"),
    newPrototype,
    params,
  ) as Pointer | null;
  if (pointer === null) throw new EngineFailure("context", `no threadpool of ${nThreads} threads`);
  return {
    pointer,
    free: () => void koffi.call(address("ggml_threadpool_free"), freePrototype, pointer),
  };
}

/** Which processors a hexadecimal mask names, from the first on. */
function processorsOf(mask: string): boolean[] {
  const bits = BigInt(mask);
  return Array.from({ length: maxThreads }, (_, index) => (bits >> BigInt(index)) % 2n === 1n);
}

const newPrototype = koffi.proto("void *ggml_threadpool_new(ggml_threadpool_params *params)");
const freePrototype = koffi.proto("void ggml_threadpool_free(void *threadpool)");
