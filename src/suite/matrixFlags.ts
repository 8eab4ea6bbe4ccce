/** The flags that span the matrix: each combination of their values is a case. Names and defaults are llama-bench's. */
import { flashAttnModes, kvCacheTypes, loadModes, splitModes } from "../bench/settings.ts";
import { list } from "../flags/flag.ts";
import { quantizationNames } from "../gguf/quantizations.ts";
import {
  gpuLayers,
  integers,
  onOff,
  proportions,
  text,
  tokenPair,
  word,
} from "../flags/valueKinds.ts";

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
    },
  ),
  quantizations: list(word(quantizationNames), null, {
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
  nBatch: list(integers(1), [2048], {
    name: "batch-size",
    aliases: ["b"],
    help: "logical batch, tokens",
  }),
  nUbatch: list(integers(1), [512], {
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
  gpuLayers: list(gpuLayers(), ["auto"], {
    name: "gpu-layers",
    aliases: ["ngl", "n-gpu-layers"],
    llamaBench: ["ngl"],
    help: "layers on the device: as many as fit, all (-1), or N",
  }),
  flashAttn: list(word(flashAttnModes, flashAttnSynonyms()), ["auto"], {
    name: "flash-attn",
    aliases: ["fa"],
    llamaBench: ["fa"],
    help: "flash attention (-1, 1, 0 as in llama-bench)",
  }),
  typeK: list(word(kvCacheTypes), ["f16"], {
    name: "cache-type-k",
    aliases: ["ctk"],
    llamaBench: ["ctk"],
    help: "type of the K cache",
  }),
  typeV: list(word(kvCacheTypes), ["f16"], {
    name: "cache-type-v",
    aliases: ["ctv"],
    llamaBench: ["ctv"],
    help: "type of the V cache; quantized ones need flash attention",
  }),
  splitMode: list(word(splitModes), ["layer"], {
    name: "split-mode",
    aliases: ["sm"],
    llamaBench: ["sm"],
    help: "how a model is split over several GPUs",
  }),
  tensorSplit: list(proportions(), [[]], {
    name: "tensor-split",
    aliases: ["ts"],
    llamaBench: ["ts"],
    help: "proportions of the model per GPU, 3/1 (default: by free memory)",
  }),
  mainGpu: list(integers(0), [0], {
    name: "main-gpu",
    aliases: ["mg"],
    llamaBench: ["mg"],
    help: "index of the GPU that computes alone under --split-mode none, or holds intermediate results under row",
  }),
  nCpuMoe: list(integers(0), [0], {
    name: "n-cpu-moe",
    aliases: ["ncmoe"],
    llamaBench: ["ncmoe"],
    help: "first N layers whose expert weights stay in host memory",
  }),
  noKvOffload: list(onOff(), [false], {
    name: "no-kv-offload",
    aliases: ["nkvo"],
    llamaBench: ["nkvo"],
    help: "1 keeps the KV cache in host memory",
  }),
  loadMode: list(word(loadModes), ["auto"], {
    name: "load-mode",
    aliases: ["lm"],
    llamaBench: ["lm"],
    help: "how the file's weights get into memory",
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
