/** Loads a file as a model with nothing read or allocated: llama.cpp's log says why it refuses one. */
import { usualPlacement } from "../../bench/settings.ts";
import type { Engine } from "./engine.ts";
import { loadModel } from "./loadModel.ts";
import type { CheckRequest } from "./protocol.ts";

const untouched = { ...usualPlacement, gpuLayers: 0, loadMode: "none", noAlloc: true } as const;

/** @throws {EngineFailure} at `load`. */
export function checkModel(engine: Engine, { path }: CheckRequest): void {
  engine.api.modelFree(loadModel(engine, { ...untouched, path }).pointer);
}
