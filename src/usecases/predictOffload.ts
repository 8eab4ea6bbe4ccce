/** How a machine would do with a model that its GPU doesn't hold: by the machine's description, as `fit` predicts it. */
import { toType } from "../base/invocation.ts";
import type { Mix } from "../compare/answers/mixes.ts";
import { tokensOf } from "../compare/answers/mixes.ts";
import type { HeldBySome } from "../compare/headline/heldBySome.ts";
import type { Offload, PredictOffload } from "../compare/headline/stands.ts";
import { uses } from "../compare/headline/uses.ts";
import { sameShapeAs } from "../compare/modelNames.ts";
import type { ModelOnMachine } from "../compare/modelOnMachine.ts";
import { usualFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import { isQuantization } from "../gguf/quantizations.ts";
import { catalogue } from "../models/catalogue.ts";
import { predictSpeed, type SpeedModels, type SpeedPrediction } from "../predict/predictSpeed.ts";
import { descriptionOf } from "./predictMachine.ts";
import { fit } from "./fit/fit.ts";
import { speedQuestion, usualTest, type FitCell, type SpeedTest } from "./fit/fitCells.ts";

/** Room for the longest use. */
const settings: FitSettings = {
  ...usualFitSettings,
  nCtx: Math.max(...Object.values(uses).map(tokensOf)),
};

/**
 * Asked once for all machines that lack the model; a machine or a model that llmbench knows no description of has no answer.
 * @param held null where no model is decisive
 */
export async function offloadOf(held: HeldBySome | null): Promise<PredictOffload> {
  const cells = held === null ? [] : await cellsOf(held);
  const found = new Map(cells.flatMap((cell) => [[cell.machine.name, cell] as const]));
  return (machine) => {
    const cell = found.get(descriptionOf(machine)?.id ?? "");
    return cell === undefined ? null : offloadOfCell(cell);
  };
}

/** How a reader gets at what was predicted, and why `fit` says otherwise of itself; empty where nothing was predicted. */
export function offloadNotes(held: HeldBySome | null, predict: PredictOffload): string[] {
  if (held === null) return [];
  const { model, others } = held;
  const spec = specOf(model);
  const told = others.filter(
    ({ machine, ran }) => ran === null && predict(machine, model) !== null,
  );
  if (spec === null || told.length === 0) return [];
  const ids = told.flatMap(({ machine }) => descriptionOf(machine)?.id ?? []);
  const words = [
    `fit --model ${spec} --quant ${model.model.quantization}`,
    ...ids.map((id) => `--machine ${id}`),
    `--ctx ${settings.nCtx}`,
  ];
  return [
    `Predicted as \`${toType(words.join(" "))}\` does: a long document and its answer fit that context. fit alone asks about ${usualFitSettings.nCtx} tokens, beside which more layers may have room on the GPU.`,
  ];
}

async function cellsOf({ model, others }: HeldBySome): Promise<FitCell[]> {
  const spec = specOf(model);
  const quantization = model.model.quantization;
  const machines = others.flatMap(({ machine }) => descriptionOf(machine)?.id ?? []);
  if (spec === null || machines.length === 0) return [];
  if (quantization === null || !isQuantization(quantization)) return [];
  return fit({ models: [spec], quantizations: [quantization], machines, settings, formula: true });
}

/** The catalogue's model of this id, else one of the same shape: their speeds stand for each other. */
function specOf({ model }: ModelOnMachine): string | null {
  const { find } = catalogue();
  return [model.id, ...sameShapeAs(model.id)].find((id) => find(id) !== undefined) ?? null;
}

/** Null where it doesn't run so either, or nothing tells of its speed. */
function offloadOfCell(cell: FitCell): Offload | null {
  const { verdict, machine } = cell;
  const { speed } = machine;
  if (verdict.fit !== "partial" || speed === null) return null;
  const predict = (test: SpeedTest) => predicted(cell, speed, test);
  if (predict(usualTest) === null) return null;
  const allLayers = verdict.nLayers + 1;
  return {
    cpuLayers: allLayers - verdict.nGpuLayers,
    allLayers,
    writing(depth) {
      const [first, last] = [0, depth].map((nDepth) => predict({ nPrompt: 0, nGen: 1, nDepth }));
      return { low: last?.low ?? 0, high: first?.high ?? 0 };
    },
    seconds: (mix) => secondsOf(mix, predict),
  };
}

function predicted(
  { model, verdict }: FitCell,
  speed: SpeedModels,
  test: SpeedTest,
): SpeedPrediction | null {
  return predictSpeed(speedQuestion(model, settings, verdict.nGpuLayers, test), speed);
}

/** Read from an empty context, then written behind it. */
function secondsOf(
  { promptTokens, outputTokens }: Mix,
  predict: (test: SpeedTest) => SpeedPrediction | null,
) {
  const read = predict({ nPrompt: promptTokens, nGen: 0, nDepth: 0 })?.prefill ?? null;
  const written = predict({ nPrompt: 0, nGen: Math.max(1, outputTokens), nDepth: promptTokens });
  if (read === null || written === null) return null;
  return {
    low: promptTokens / read.high + outputTokens / written.high,
    high: promptTokens / read.low + outputTokens / written.low,
  };
}
