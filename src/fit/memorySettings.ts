/** The settings that decide what goes where, and how large it gets. */
import { contextTokens } from "../bench/workload.ts";
import type { CaseSettings, ContextSettings, GpuLayers, Placement } from "../bench/settings.ts";

export interface MemorySettings
  extends Omit<Placement, "gpuLayers">, Omit<ContextSettings, "nThreads"> {
  /** Tokens, as asked for. */
  readonly nCtx: number;
  /** Counted from the end; n_layers + 1 takes the output layer too. */
  readonly gpuLayers: number;
}

/** `gpuLayers` is left to whoever judges the fit. */
export type FitSettings = Omit<MemorySettings, "gpuLayers"> & { readonly gpuLayers: GpuLayers };

/** llama-bench's defaults, at a context that people use. */
export const usualFitSettings: FitSettings = {
  nCtx: 4096,
  nBatch: 2048,
  nUbatch: 512,
  gpuLayers: "auto",
  flashAttn: "auto",
  typeK: "f16",
  typeV: "f16",
  splitMode: "layer",
  tensorSplit: [],
  noKvOffload: false,
  loadMode: "auto",
  mainGpu: 0,
  nCpuMoe: 0,
};

/** The case's own context. */
export function caseFitSettings({ workload, placement, context }: CaseSettings): FitSettings {
  return { ...placement, ...context, nCtx: contextTokens(workload) };
}

/** llama.cpp's context is a multiple of it (llama_context's constructor, src/llama-context.cpp, v0.4.0). */
const contextStep = 256;

export function paddedContext(nCtx: number): number {
  return Math.ceil(nCtx / contextStep) * contextStep;
}
