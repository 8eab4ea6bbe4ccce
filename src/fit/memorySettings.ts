/** The settings that decide what goes where, and how large it gets. */
import { contextTokens } from "../bench/workload.ts";
import { oneOf, type Flag } from "../flags/flag.ts";
import { matrixFlags } from "../suite/matrixFlags.ts";
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

/** The flags' defaults, at a context that people use. */
export const usualFitSettings: FitSettings = {
  nCtx: 4096,
  nBatch: usual(matrixFlags.nBatch),
  nUbatch: usual(matrixFlags.nUbatch),
  gpuLayers: usual(matrixFlags.gpuLayers),
  flashAttn: usual(matrixFlags.flashAttn),
  typeK: usual(matrixFlags.typeK),
  typeV: usual(matrixFlags.typeV),
  splitMode: usual(matrixFlags.splitMode),
  tensorSplit: usual(matrixFlags.tensorSplit),
  noKvOffload: usual(matrixFlags.noKvOffload),
  loadMode: usual(matrixFlags.loadMode),
  mainGpu: usual(matrixFlags.mainGpu),
  nCpuMoe: usual(matrixFlags.nCpuMoe),
};

function usual<Value>(dimension: Flag<readonly Value[]>): Value {
  return oneOf(dimension).initial;
}

/** The case's own context. */
export function caseFitSettings({ workload, placement, context }: CaseSettings): FitSettings {
  return { ...placement, ...context, nCtx: contextTokens(workload) };
}

/** llama.cpp's context is a multiple of it (llama_context's constructor, src/llama-context.cpp, v0.4.0). */
const contextStep = 256;

export function paddedContext(nCtx: number): number {
  return Math.ceil(nCtx / contextStep) * contextStep;
}
