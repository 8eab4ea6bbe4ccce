// A parent that lets a child measure without end, and says on stdout which child and what it does.
// Arguments: the module of LlamaChild, the model's file, `open` to end with the child still opening llama.cpp.
const [, , module, path, when] = process.argv;
const { LlamaChild } = await import(module);
const child = new LlamaChild("cpu");
const say = (word) => process.stdout.write(`${word}\n`);
say(child.pid);
if (when !== "open") {
  const placement = { gpuLayers: 0, splitMode: "layer", mainGpu: 0, tensorSplit: [], nCpuMoe: 0 };
  await child.request({ type: "load", path, loadMode: "auto", ...placement });
}
// One call of llama_decode that takes the toy model a second and more.
const tokens = 8192;
const measure = {
  nPrompt: tokens,
  nGen: 0,
  nDepth: 0,
  nBatch: tokens,
  nUbatch: tokens,
  nThreads: 1,
};
const context = { typeK: "f16", typeV: "f16", flashAttn: "auto", noKvOffload: false };
await child.request(
  {
    type: "measure",
    ...measure,
    ...context,
    repetitions: 1000,
    warmup: "llama-bench",
    delay: 0,
    seed: 1,
  },
  { onPhase: ({ kind, number }) => say(number === undefined ? kind : `${kind} ${number}`) },
);
