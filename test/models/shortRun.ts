/** Requests that load a small file, have llama.cpp check its tensors, and compute a few tokens. */
export const checkedLoad = {
  type: "load",
  gpuLayers: 0,
  splitMode: "layer",
  mainGpu: 0,
  tensorSplit: [],
  nCpuMoe: 0,
  loadMode: "mmap",
  checkTensors: true,
} as const;

export const fewTokens = {
  type: "measure",
  nPrompt: 4,
  nGen: 1,
  nDepth: 0,
  nBatch: 512,
  nUbatch: 512,
  nThreads: 1,
  typeK: "f16",
  typeV: "f16",
  flashAttn: "auto",
  noKvOffload: false,
  repetitions: 1,
  warmup: "llama-bench",
  delay: 0,
  seed: 1,
} as const;
