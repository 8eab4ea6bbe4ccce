/** A machine as far as memory and speed can be predicted of it, with a model that needn't exist. */
import { FitTrial } from "../../fit/fitTrial.ts";
import type { HostTraits } from "../../fit/hostTraits.ts";
import type { MemoryModel } from "../../fit/memoryModel.ts";
import { usualFitSettings } from "../../fit/memorySettings.ts";
import type { MemoryBudget } from "../../machine/memoryBudget.ts";
import { decodeWorkOf } from "../decodeWork.ts";
import { prefillWorkOf, type SpeedModels, type SpeedQuestion } from "../predictSpeed.ts";
import { usualQuantization } from "./families.ts";

export interface PredictedMachine {
  readonly budget: MemoryBudget;
  /** On a Mac at its stock limit, with the highest limit that leaves macOS enough; else null. */
  readonly raisedBudget: MemoryBudget | null;
  readonly host: HostTraits;
  readonly speed: SpeedModels;
}

export interface Placed {
  /** Wholly on its devices; in RAM, where it has none. */
  readonly held: boolean;
  readonly gpuLayers: number;
}

/** Of one model: contexts that are asked about one after the other share what is laid out for it. */
export function trialOn(
  { host }: PredictedMachine,
  model: MemoryModel,
  budget: MemoryBudget,
): FitTrial {
  return new FitTrial(model, usualFitSettings, budget, { host });
}

/** Null where it doesn't run, however few layers are on devices. */
export function placedIn(trial: FitTrial, contextTokens: number): Placed | null {
  const placed = trial.best("rough", contextTokens);
  if (placed === null) return null;
  const { gpuLayers } = placed;
  return { held: gpuLayers === trial.mostGpuLayers, gpuLayers };
}

/** What is read, and what is written behind it. */
export interface Work {
  /** Tokens that stand in the context before. */
  readonly depth: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** `low` to `high` holds four measurements of five. */
export interface Estimate {
  readonly centre: number;
  readonly low: number;
  readonly high: number;
}

/** Seconds that the work takes with so many layers on devices; null where nothing tells how fast the machine is at it. */
export function secondsFor(
  { depth, promptTokens, outputTokens }: Work,
  { speed }: PredictedMachine,
  model: MemoryModel,
  nGpuLayers: number,
): Estimate | null {
  const { source, decode, prefill } = speed;
  const onCpu = source.datasheet.backend === "cpu";
  const question = (test: Pick<SpeedQuestion, "nPrompt" | "nGen" | "nDepth">): SpeedQuestion => ({
    ...usualFitSettings,
    model,
    quantization: usualQuantization,
    nGpuLayers,
    flashAttention: true,
    ...test,
  });
  const reading = (): Estimate | null => {
    const asked = question({ nPrompt: promptTokens, nGen: 0, nDepth: depth });
    const told = prefill?.predict(prefillWorkOf(asked, onCpu)) ?? null;
    return told && timeOf(promptTokens, { ...told, centre: told.pp_ts });
  };
  const writing = (): Estimate | null => {
    const asked = question({ nPrompt: 0, nGen: outputTokens, nDepth: depth + promptTokens });
    const told = decode?.predict(decodeWorkOf(asked, onCpu)) ?? null;
    return told && timeOf(outputTokens, { ...told, centre: told.tg_ts });
  };
  const read = promptTokens === 0 ? noTime : reading();
  const written = outputTokens === 0 ? noTime : writing();
  if (read === null || written === null) return null;
  return {
    centre: read.centre + written.centre,
    low: read.low + written.low,
    high: read.high + written.high,
  };
}

const noTime: Estimate = { centre: 0, low: 0, high: 0 };

/** The fewer tokens per second, the longer. */
function timeOf(tokens: number, { centre, low, high }: Estimate): Estimate {
  return { centre: tokens / centre, low: tokens / high, high: tokens / low };
}
