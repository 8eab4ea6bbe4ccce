// A parent that lets a worker train without end, and says on stdout the number of the process that trains.
// Arguments: the module of PythonChild, the Python to run, or `uv`.
const [, , module, command] = process.argv;
const { PythonChild } = await import(module);
const { findPython } = await import(new URL("findPython.js", module));
const { frameworks } = await import(new URL("frameworks.js", module));
const named = command === "uv" ? null : command;
const python = await findPython(frameworks.mlx, named, {});
const child = new PythonChild({ python, framework: "mlx", device: "cpu" });
const shape = {
  n_layers: 2,
  n_embd: 64,
  n_ff: 128,
  n_heads: 2,
  n_kv_heads: 2,
  head_size: 32,
  n_vocab: 256,
  tied_embeddings: true,
  norm_epsilon: 1e-5,
  freq_base: 10_000,
};
const step = { sequence: 16, batch: 1, precision: "f32", threads: 1, compile: false, seed: 1 };
await child.request({ type: "prepare", shape, ...step });
await child.request({ type: "prove", steps: 1 });
await child.request(
  {
    type: "measure",
    rule: { kind: "sustain", seconds: 3600 },
    warmup: "none",
    agreement: 0.02,
    delay: 0,
  },
  { onSample: () => process.stdout.write(`${child.pid}\n`) },
);
