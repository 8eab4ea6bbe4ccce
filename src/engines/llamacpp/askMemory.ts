/**
 * Asks llama.cpp what a placement and a context take. Its log names the buffers, the parent reads it. With `noAlloc`
 * nothing is read or allocated: compute buffers print as they would be (70B in some 60 ms), weights and KV cache as 0.
 */
import { usualContext, usualPlacement } from "../../bench/settings.ts";
import type { Engine } from "./engine.ts";
import { loadModel } from "./loadModel.ts";
import { openContext } from "./openContext.ts";
import type { MemoryRequest } from "./protocol.ts";

const oneThread = { ...usualContext, nThreads: 1, priority: usualPlacement.priority };

/** @throws {EngineFailure} at `load` or `context`. */
export function askMemory(engine: Engine, request: MemoryRequest): void {
  const model = loadModel(engine, request);
  try {
    openContext(engine, model.pointer, { ...oneThread, ...request }).close();
  } finally {
    engine.api.modelFree(model.pointer);
  }
}
