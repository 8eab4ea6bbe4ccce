/** How fast a case is expected to be on this machine, where its like has been measured. */
import { generatedTokens, isLlamaBench, promptTokens, type Workload } from "../bench/workload.ts";
import {
  predictSpeed,
  type SpeedModels,
  type SpeedPrediction,
  type SpeedQuestion,
} from "../predict/predictSpeed.ts";
import { weakest, type Basis } from "../predict/speedSource.ts";
import type { CaseSettings } from "../bench/settings.ts";
import type { CaseMemory } from "./caseMemory.ts";
import type { Variant } from "./variant.ts";

/**
 * Of what doesn't fit, as if the machine had the memory. Null where nothing is known.
 * @param speedWith the machine with so many threads of its CPU
 */
export function caseSpeed(
  variant: Pick<Variant, "memory" | "quantization">,
  settings: CaseSettings,
  fits: CaseMemory | null,
  speedWith: (nThreads: number) => SpeedModels,
): SpeedPrediction | null {
  const question = caseQuestion(variant, settings, fits);
  return question === null ? null : predictSpeed(question, speedWith(settings.context.nThreads));
}

/**
 * What is asked of a case's speed. Null of tests that llama-bench hasn't, where the host attends, and where devices share
 * every layer, of which nobody has published what it gains.
 */
export function caseQuestion(
  { memory, quantization }: Pick<Variant, "memory" | "quantization">,
  { workload, placement, context }: CaseSettings,
  fits: CaseMemory | null,
): SpeedQuestion | null {
  if (!isLlamaBench(workload) || memory === null || fits === null) return null;
  if (fits.fit.hostAttention !== null || placement.splitMode === "tensor") return null;
  // What tensors elsewhere, or the output of every token, cost is published nowhere.
  if (placement.tensorOverrides.length > 0 || context.embeddings) return null;
  return {
    nPrompt: promptTokens(workload),
    nGen: generatedTokens(workload),
    nDepth: workload.depth,
    ...placement,
    ...context,
    model: memory,
    quantization,
    nGpuLayers: fits.layersWithEnoughRam,
    flashAttention: context.flashAttn !== "off",
  };
}

/** Of a workload as a whole, in tokens per second. */
export interface PredictedSpeed {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
  readonly basis: Basis;
}

/** Null where that isn't predicted. */
export function predictedSpeed(
  workload: Workload,
  { decode, prefill, pp_ts: pp, tg_ts: tg }: SpeedPrediction,
): PredictedSpeed | null {
  const end = (key: "low" | "high") =>
    workloadSpeed(workload, { tg_ts: decode[key], pp_ts: prefill?.[key] ?? null });
  const [centre, low, high] = [
    workloadSpeed(workload, { tg_ts: tg, pp_ts: pp }),
    end("low"),
    end("high"),
  ];
  if (centre === null || low === null || high === null) return null;
  const parts = [
    ...(generatedTokens(workload) > 0 ? [decode.basis] : []),
    ...(promptTokens(workload) > 0 && prefill !== null ? [prefill.basis] : []),
  ];
  return { centre, low, high, basis: weakest(...parts) };
}

/** Tokens per second of a workload as a whole; null where that isn't predicted. */
function workloadSpeed(
  workload: Workload,
  { tg_ts: tg, pp_ts: pp }: Pick<SpeedPrediction, "tg_ts" | "pp_ts">,
): number | null {
  if (!isLlamaBench(workload)) return null;
  const [prompt, generated] = [promptTokens(workload), generatedTokens(workload)];
  if (generated === 0) return pp;
  if (prompt === 0) return tg;
  return pp === null ? null : (prompt + generated) / (prompt / pp + generated / tg);
}
