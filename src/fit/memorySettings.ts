/** The settings that decide what goes where, and how large it gets. */
import { contextTokens } from "../bench/workload.ts";
import {
  usualContext,
  usualPlacement,
  type CaseSettings,
  type ContextSettings,
  type GpuLayers,
  type Placement,
  type ProcessSettings,
  type ThreadSettings,
} from "../bench/settings.ts";

export interface MemorySettings
  extends
    Omit<Placement, "gpuLayers" | keyof ProcessSettings>,
    Omit<ContextSettings, keyof ThreadSettings> {
  /** Tokens, as asked for. */
  readonly nCtx: number;
  /** Counted from the end; n_layers + 1 takes the output layer too. */
  readonly gpuLayers: number;
}

/** `gpuLayers` is left to whoever judges the fit. */
export type FitSettings = Omit<MemorySettings, "gpuLayers"> & { readonly gpuLayers: GpuLayers };

/** The flags' defaults, at a context that people use. */
export const usualFitSettings: FitSettings = {
  ...memoryOf(usualPlacement, usualContext),
  nCtx: 4096,
};

/** The case's own context. */
export function caseFitSettings({ workload, placement, context }: CaseSettings): FitSettings {
  return { ...memoryOf(placement, context), nCtx: contextTokens(workload) };
}

/** Without what no memory depends on: answers are kept by the others. */
function memoryOf(
  { numa: _numa, priority: _priority, ...placement }: Placement,
  {
    cpuMask: _cpuMask,
    cpuStrict: _cpuStrict,
    poll: _poll,
    nThreads: _nThreads,
    ...context
  }: Omit<ContextSettings, "nThreads"> & { readonly nThreads?: number },
): Omit<FitSettings, "nCtx"> {
  return { ...placement, ...context };
}

/** llama.cpp's context is a multiple of it (llama_context's constructor, src/llama-context.cpp, v0.4.0). */
const contextStep = 256;

export function paddedContext(nCtx: number): number {
  return Math.ceil(nCtx / contextStep) * contextStep;
}
