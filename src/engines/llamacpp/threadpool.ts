/** Threads of our own for the CPU backend, as llama-bench makes them (tools/llama-bench, v0.4.0). */
import koffi from "koffi";
import type { Priority, ThreadSettings } from "../../bench/settings.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
// Declares the struct that a prototype below names.
import { maxThreads, type Pointer, type ThreadpoolParams } from "./structs.ts";

export interface ThreadpoolRequest extends ThreadSettings {
  readonly priority: Priority;
}

export interface Threadpool {
  readonly pointer: Pointer;
  free(): void;
}

/** The threadpool's functions live in the CPU backend that was picked for this processor: asked for by name. */
export function newThreadpool(
  engine: Engine,
  { nThreads, cpuMask, cpuStrict, poll, priority }: ThreadpoolRequest,
): Threadpool {
  const { api } = engine;
  const params: ThreadpoolParams = {
    ...api.threadpoolDefaultParams(nThreads),
    cpumask: processorsOf(cpuMask),
    prio: priority,
    poll,
    strict_cpu: cpuStrict,
  };
  const pointer = koffi.call(
    cpuFunction(engine, "ggml_threadpool_new"),
    newPrototype,
    params,
  ) as Pointer | null;
  if (pointer === null) throw new EngineFailure("context", `no threadpool of ${nThreads} threads`);
  return {
    pointer,
    free: () =>
      void koffi.call(cpuFunction(engine, "ggml_threadpool_free"), freePrototype, pointer),
  };
}

/**
 * A function of the CPU backend that was picked for this processor.
 * @throws {EngineFailure} at `engine` where no backend has one of that name
 */
export function cpuFunction({ api }: Engine, name: string): Pointer {
  for (let index = 0; index < api.deviceCount(); index++) {
    const found = api.procAddress(api.deviceRegistry(api.device(index)), name);
    if (found !== null) return found;
  }
  throw new EngineFailure("engine", `no CPU backend of llama.cpp offers ${name}`);
}

/** Which processors a hexadecimal mask names, from the first on. */
function processorsOf(mask: string): boolean[] {
  const bits = BigInt(mask);
  return Array.from({ length: maxThreads }, (_, index) => (bits >> BigInt(index)) % 2n === 1n);
}

const newPrototype = koffi.proto("void *ggml_threadpool_new(ggml_threadpool_params *params)");
const freePrototype = koffi.proto("void ggml_threadpool_free(void *threadpool)");
