// A parent that lets a child measure without end, and says on stdout which child and what it does.
// Arguments: the module of LlamaChild, the model's file, `open` to end with the child still opening llama.cpp.
const [, , module, path, when] = process.argv;
const { LlamaChild } = await import(module);
const { wholeModel } = await import(new URL("../engine.js", module));
const { usualContext } = await import(new URL("../../bench/settings.js", module));
const child = new LlamaChild("cpu");
const say = (word) => process.stdout.write(`${word}\n`);
say(child.pid);
if (when !== "open") {
  await child.request({ type: "load", path, ...wholeModel, gpuLayers: 0 });
}
// One call of llama_decode that takes the toy model a second and more.
const tokens = 8192;
const measure = { ...usualContext, nPrompt: tokens, nGen: 0, nDepth: 0, nThreads: 1 };
await child.request(
  {
    type: "measure",
    ...measure,
    nBatch: tokens,
    nUbatch: tokens,
    repetitions: 1000,
    warmup: "llama-bench",
    delay: 0,
    seed: 1,
  },
  { onPhase: ({ kind, number }) => say(number === undefined ? kind : `${kind} ${number}`) },
);
