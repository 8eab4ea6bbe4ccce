/** What speeds are asked of, where a test asks for nothing else: llama-bench's tests and settings, all layers on the device. */
import type { SpeedQuestion } from "../../src/predict/predictSpeed.ts";

export const usualQuestion = {
  nGpuLayers: 999,
  nPrompt: 512,
  nGen: 128,
  nDepth: 0,
  nBatch: 2048,
  nUbatch: 512,
  typeK: "f16",
  typeV: "f16",
  flashAttention: true,
} as const satisfies Partial<SpeedQuestion>;
