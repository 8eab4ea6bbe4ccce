/** The flags that span the matrix: each combination of their values is a case. Names and defaults are llama-bench's, where it has them. */
import {
  flashAttnModes,
  kvCacheTypes,
  lazyModes,
  loadModes,
  numaModes,
  splitModes,
  usualContext as context,
  usualPlacement as placement,
} from "../bench/settings.ts";
import { list, toggle } from "../flags/flag.ts";
import { quantizationNames, quantizationSynonyms } from "../gguf/quantizations.ts";
import {
  gpuLayers,
  integers,
  onOff,
  proportions,
  text,
  tokenPair,
  word,
} from "../flags/valueKinds.ts";
import { ofBackend, onHub, switchedLoadMode } from "./llamaBenchForms.ts";
import { cpuMask, deviceLists, priority, tensorOverrides } from "./llamaBenchKinds.ts";
import { matmulSize, matrixType } from "./machineKinds.ts";

/** ggml refuses more (`GGML_MAX_N_THREADS`, ggml.h, llama.cpp v0.4.0). */
const maxThreads = 512;

export const matrixFlags = {
  models: list(
    text("a model: a catalogue id, a path or hf:user/repo", "MODEL"),
    [] as readonly string[],
    {
      name: "model",
      aliases: ["m", "models"],
      help: "catalogue id or alias (7b, llama-3.1-8b), path to a .gguf or a model .yaml, hf:user/repo[:QUANT]",
      forms: [onHub],
    },
  ),
  quantizations: list(word(quantizationNames, quantizationSynonyms), null, {
    name: "quant",
    aliases: ["q", "quants"],
    help: "quantization of the weights",
  }),
  nPrompt: list(integers(0), [512], {
    name: "n-prompt",
    aliases: ["p"],
    help: "prompt lengths to process, tokens; 0 switches prompt processing off",
  }),
  nGen: list(integers(0), [128], {
    name: "n-gen",
    aliases: ["n"],
    help: "tokens to generate; 0 switches generation off",
  }),
  pg: list(tokenPair(), [], {
    name: "pg",
    llamaBench: ["pg"],
    help: "prompt of P tokens, then N generated, timed together; repeatable",
  }),
  nDepth: list(integers(0), [0], {
    name: "n-depth",
    aliases: ["d"],
    help: "tokens in the KV cache before the clock starts",
  }),
  copy: toggle({
    name: "copy",
    help: "what this machine's memory copies, GB/s; needs no model",
  }),
  read: list(matrixType(), [], {
    name: "read",
    help: "how fast weights of these types are read, GB/s; needs no model",
  }),
  matmul: list(matmulSize(), [], {
    name: "matmul",
    help: "how fast matrices are multiplied, TFLOP/s: f16 is 4096:f16; needs no model",
  }),
  nBatch: list(integers(1), [context.nBatch], {
    name: "batch-size",
    aliases: ["b"],
    help: "logical batch, tokens",
  }),
  nUbatch: list(integers(1), [context.nUbatch], {
    name: "ubatch-size",
    aliases: ["ub"],
    llamaBench: ["ub"],
    help: "physical batch, tokens",
  }),
  nThreads: list(integers(1, maxThreads), null, {
    name: "threads",
    aliases: ["t"],
    help: "CPU threads (default: the physical performance cores this process may use)",
  }),
  cpuMask: list(cpuMask(), [context.cpuMask], {
    name: "cpu-mask",
    aliases: ["C"],
    help: "processors that threads may run on, hexadecimal; 0x0 is all",
  }),
  cpuStrict: list(onOff(), [context.cpuStrict], {
    name: "cpu-strict",
    help: "1 keeps each thread on one processor of the mask",
  }),
  poll: list(integers(0, 100), [context.poll], {
    name: "poll",
    help: "how long threads spin before they sleep, 0 to 100",
  }),
  priority: list(priority(), [placement.priority], {
    name: "prio",
    help: "priority of the process and its threads, -1 (low) to 3 (real time)",
  }),
  numa: list(word(numaModes), [placement.numa], {
    name: "numa",
    help: "how threads are spread over NUMA nodes",
  }),
  gpuLayers: list(gpuLayers(), [placement.gpuLayers], {
    name: "gpu-layers",
    aliases: ["ngl", "n-gpu-layers"],
    llamaBench: ["ngl"],
    help: "layers on the device: as many as fit, all (-1), or N",
  }),
  flashAttn: list(word(flashAttnModes, flashAttnSynonyms()), [context.flashAttn], {
    name: "flash-attn",
    aliases: ["fa"],
    llamaBench: ["fa"],
    help: "flash attention (-1, 1, 0 as in llama-bench)",
  }),
  typeK: list(word(kvCacheTypes), [context.typeK], {
    name: "cache-type-k",
    aliases: ["ctk"],
    llamaBench: ["ctk"],
    help: "type of the K cache",
  }),
  typeV: list(word(kvCacheTypes), [context.typeV], {
    name: "cache-type-v",
    aliases: ["ctv"],
    llamaBench: ["ctv"],
    help: "type of the V cache; quantized ones need flash attention",
  }),
  devices: list(deviceLists(), [placement.devices], {
    name: "devices",
    aliases: ["dev"],
    llamaBench: ["dev"],
    belongsTo: ofBackend,
    help: "devices to use, CUDA0/CUDA1 or none; --device and -dev take them too",
  }),
  splitMode: list(word(splitModes), [placement.splitMode], {
    name: "split-mode",
    aliases: ["sm"],
    llamaBench: ["sm"],
    help: "how several GPUs share a model: by layers, or every layer (tensor); none leaves it to one",
  }),
  tensorSplit: list(proportions(), [placement.tensorSplit], {
    name: "tensor-split",
    aliases: ["ts"],
    llamaBench: ["ts"],
    help: "proportions of the model per GPU, 3/1 (default: by free memory)",
  }),
  mainGpu: list(integers(0), [placement.mainGpu], {
    name: "main-gpu",
    aliases: ["mg"],
    llamaBench: ["mg"],
    help: "index of the GPU that computes alone under --split-mode none",
  }),
  tensorOverrides: list(tensorOverrides(), [placement.tensorOverrides], {
    name: "override-tensor",
    aliases: ["ot"],
    llamaBench: ["ot"],
    help: "places of tensors by name, 'ffn_.*_exps=CPU'; the first that matches counts",
  }),
  nCpuMoe: list(integers(0), [placement.nCpuMoe], {
    name: "n-cpu-moe",
    aliases: ["ncmoe"],
    llamaBench: ["ncmoe"],
    help: "first N layers whose expert weights stay in host memory",
  }),
  noKvOffload: list(onOff(), [context.noKvOffload], {
    name: "no-kv-offload",
    aliases: ["nkvo"],
    llamaBench: ["nkvo"],
    help: "1 keeps the KV cache in host memory",
  }),
  noOpOffload: list(onOff(), [context.noOpOffload], {
    name: "no-op-offload",
    aliases: ["nopo"],
    llamaBench: ["nopo"],
    help: "1 computes with weights in host memory on the CPU, large batches too",
  }),
  noHost: list(onOff(), [placement.noHost], {
    name: "no-host",
    help: "1 keeps weights out of pinned host memory",
  }),
  embeddings: list(onOff(), [context.embeddings], {
    name: "embeddings",
    aliases: ["embd"],
    llamaBench: ["embd"],
    help: "1 computes embeddings of all tokens; an embedding model needs it",
  }),
  loadMode: list(word(loadModes), [placement.loadMode], {
    name: "load-mode",
    aliases: ["lm"],
    llamaBench: ["lm"],
    help: "how the file's weights get into memory",
    forms: [
      switchedLoadMode(["mmap", "mmp"], "mmap"),
      switchedLoadMode(["direct-io", "dio"], "dio"),
    ],
  }),
  lazyMode: list(word(lazyModes), [placement.lazyMode], {
    name: "lazy-mode",
    aliases: ["lzm"],
    llamaBench: ["lzm"],
    help: "read rows of large tables when they are needed, where the model has such",
  }),
} as const;

/** The spellings that llama-bench takes (`is_truthy`, `is_falsey`, `is_autoy`, common/arg.cpp). */
function flashAttnSynonyms() {
  return {
    "-1": "auto",
    "1": "on",
    "0": "off",
    true: "on",
    false: "off",
    enabled: "on",
    disabled: "off",
  } as const;
}
