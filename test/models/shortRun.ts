/** Requests that load a small file, have llama.cpp check its tensors, and compute a few tokens. */
import { usualContext } from "../../src/bench/settings.ts";
import { wholeModel } from "../../src/engines/engine.ts";

export const checkedLoad = {
  ...wholeModel,
  type: "load",
  gpuLayers: 0,
  loadMode: "mmap",
  checkTensors: true,
} as const;

export const fewTokens = {
  type: "measure",
  nPrompt: 4,
  nGen: 1,
  nDepth: 0,
  ...usualContext,
  nBatch: 512,
  nThreads: 1,
  repetitions: 1,
  warmup: "llama-bench",
  agreement: 0.02,
  delay: 0,
  seed: 1,
} as const;
