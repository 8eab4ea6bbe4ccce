/** How several devices can share a model, and what llama.cpp v0.4.0 refuses, or gives up over. */
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";
import { hostBuffer } from "./namedPlaces.ts";
import { tensorCuts, UncutTensor } from "./tensorSplit/tensorCuts.ts";

/** llm_arch_supports_sm_tensor, src/llama-arch.cpp. */
const withoutTensorSplit: ReadonlySet<string> = new Set([
  "bailingmoe3",
  "bitnet",
  "deepseek2",
  "deepseek32",
  "dots3note",
  "falcon-h1",
  "gemma3n",
  "glm-dsa",
  "granitehybrid",
  "grok",
  "jamba",
  "kimi-k3",
  "kimi-linear",
  "mamba",
  "mamba2",
  "minicpm3",
  "minimax-01",
  "minimax-m2",
  "minimax-m3",
  "mistral4",
  "mpt",
  "nemotron_h",
  "nemotron_h_moe",
  "olmo2",
  "olmoe",
  "plamo2",
  "qwen3tts",
  "qwen4exp",
  "t5",
]);

type SplitSettings = Pick<MemorySettings, "splitMode" | "tensorSplit" | "tensorOverrides">;

/**
 * @param devices how many the machine has
 * @returns the reason and the way out; null where llama.cpp splits so
 */
export function splitRefusal(
  model: MemoryModel,
  settings: SplitSettings,
  devices: number,
): string | null {
  switch (settings.splitMode) {
    case "none":
    case "layer":
      return null;
    case "row":
      return devices === 0
        ? null
        : "--split-mode row: llama.cpp v0.4.0 splits rows on SYCL's devices alone; use tensor, which shares every layer too, or layer";
    case "tensor":
      return tensorRefusal(model, settings, devices);
    default:
      return settings.splitMode satisfies never;
  }
}

function tensorRefusal(
  model: MemoryModel,
  settings: Omit<SplitSettings, "splitMode">,
  devices: number,
): string | null {
  const { architecture } = model.parameters;
  if (devices === 0) return "--split-mode tensor: llama.cpp needs a GPU for it; use layer";
  if (withoutTensorSplit.has(architecture)) {
    return `--split-mode tensor: llama.cpp has it for other architectures than ${architecture}; use layer`;
  }
  const named = settings.tensorOverrides.find(({ buffer }) => buffer !== hostBuffer);
  if (named !== undefined) {
    return `--split-mode tensor: no tensor can be placed on ${named.buffer} alone, which computes with the others; use ${hostBuffer}, or layer`;
  }
  try {
    tensorCuts(model, settings, devices).checkAll(model);
    return null;
  } catch (error) {
    if (!(error instanceof UncutTensor)) throw error;
    return `--split-mode tensor: ${error.message} for ${devices === 1 ? "one device" : `${devices} devices`}; use layer`;
  }
}
