/** Each model at each quantization on each machine: does it fit, and how fast would it be. */
import { getOrMake } from "../../base/getOrMake.ts";
import { fileMemoryModel } from "../../fit/fileMemoryModel.ts";
import { judgeFit, type FitVerdict } from "../../fit/judgeFit.ts";
import { describedMemoryModel, type MemoryModel } from "../../fit/memoryModel.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { placedDevices } from "../../fit/placedDevices.ts";
import { LlmbenchError } from "../../errors.ts";
import { requireLoadable } from "../../gguf/loadable.ts";
import type { Quantization } from "../../gguf/quantizations.ts";
import type { ResolvedModel } from "../../models/resolveModel.ts";
import { tensorTypesOf } from "../../models/syntheticTypes.ts";
import { predictClusterSpeed } from "../../predict/clusterSpeed.ts";
import { tellModel } from "../../predict/modelOfRecord.ts";
import {
  predictSpeed,
  type SpeedPrediction,
  type SpeedQuestion,
} from "../../predict/predictSpeed.ts";
import { clusterSettings } from "./clusters.ts";
import type { FitMachine } from "./fitMachine.ts";
import type { TensorTypeQuestions } from "../tensorTypes.ts";

export interface FitModel {
  readonly id: string;
  readonly quantization: Quantization | null;
  readonly memory: MemoryModel;
  /** Of a file on disk; of a split model its first. */
  readonly path: string | null;
}

/** By model and machine; others are judged by formula. */
export type AskedVerdicts = ReadonlyMap<FitModel, ReadonlyMap<FitMachine, FitVerdict>>;

export interface FitCell {
  readonly model: FitModel;
  readonly machine: FitMachine;
  readonly verdict: FitVerdict;
  readonly speed: SpeedPrediction | null;
}

/**
 * A described model at the quantizations that were asked for, else at those worth comparing; a file at its own.
 *
 * @throws LlmbenchError `usage` for another quantization than the file's, `input` for a header that tells too little.
 */
export async function fitModels(
  model: ResolvedModel,
  asked: readonly Quantization[] | undefined,
  questions: TensorTypeQuestions,
): Promise<FitModel[]> {
  if (model.kind === "file") return [fileModel(model, asked)];
  const { id, shape, description } = model;
  const found: FitModel[] = [];
  // One after the other, as the child answers.
  for (const quantization of asked ?? description.quantizations) {
    const types = await tensorTypesOf(questions.question(shape, quantization));
    const memory = describedMemoryModel(shape, quantization, types);
    found.push({ id, quantization, memory, path: null });
  }
  return found;
}

function fileModel(
  { spec, id, quantization, gguf, shape, path, remote }: Extract<ResolvedModel, { kind: "file" }>,
  asked: readonly Quantization[] | undefined,
): FitModel {
  const other = asked?.find((name) => name !== quantization);
  if (other !== undefined) {
    throw new LlmbenchError(
      "usage",
      `--quant ${other}: ${spec} is ${quantization ?? "of another type"}, and a file has one; leave --quant out`,
    );
  }
  requireLoadable(spec, gguf);
  const memory = fileMemoryModel(gguf, shape);
  if (memory !== null) {
    tellModel(id, quantization, memory);
    return { id, quantization, memory, path: remote === null ? path : null };
  }
  throw new LlmbenchError(
    "input",
    `${spec}: its header doesn't tell layers and widths of a transformer, so its memory can't be predicted`,
  );
}

/** Model by model. Machines with the same memory are judged once. */
export function fitCells(
  models: readonly FitModel[],
  machines: readonly FitMachine[],
  settings: FitSettings,
  asked: AskedVerdicts = new Map(),
): FitCell[] {
  const named = machines.map((machine) => ({ machine, memory: memoryOf(machine) }));
  return models.flatMap((model) => {
    const verdicts = new Map<string, FitVerdict>();
    const questions = new Map<number, SpeedQuestion>();
    return named.map(({ machine, memory }): FitCell => {
      const verdict =
        asked.get(model)?.get(machine) ??
        getOrMake(verdicts, memory, () => judge(model, machine, settings));
      const { placementFits, nGpuLayers, hostAttention } = verdict;
      const question = () =>
        getOrMake(questions, nGpuLayers, () => speedQuestion(model, settings, nGpuLayers));
      const unpredicted =
        !placementFits ||
        hostAttention !== null ||
        // What tensors elsewhere, layers that are shared, or the output of every token, cost is published nowhere.
        settings.tensorOverrides.length > 0 ||
        settings.splitMode === "tensor" ||
        settings.embeddings;
      const speed = unpredicted ? null : speedOf(question, machine, verdict, settings);
      return { model, machine, verdict, speed };
    });
  });
}

/** Null where nothing tells of a machine's speed, and where several machines' layers stay on a host beside a GPU. */
function speedOf(
  question: () => SpeedQuestion,
  { cluster, speed, budget }: FitMachine,
  { nGpuLayers, nLayers }: FitVerdict,
  settings: FitSettings,
): SpeedPrediction | null {
  if (cluster === undefined) return speed === null ? null : predictSpeed(question(), speed);
  const placed = placedDevices(nLayers, { ...settings, gpuLayers: nGpuLayers }, budget);
  return predictClusterSpeed(question(), placed, cluster.machines);
}

/** All that a verdict depends on: of a machine that is only described, the hardware's name is nothing to it. */
function memoryOf({ name, probed, budget }: FitMachine): string {
  if (probed) return `as probed: ${name}`;
  return JSON.stringify(budget, (key, value: unknown) =>
    key === "description" ? undefined : value,
  );
}

function judge({ memory }: FitModel, machine: FitMachine, asked: FitSettings): FitVerdict {
  const { budget, host, probed } = machine;
  const settings = machine.cluster === undefined ? asked : clusterSettings(asked);
  // Of a machine that is only described, the memory is known less well than a sampled graph's.
  return judgeFit(memory, settings, budget, { host, detail: probed ? "exact" : "sampled" });
}

/** What a speed is asked of, in tokens. */
export type SpeedTest = Pick<SpeedQuestion, "nPrompt" | "nGen" | "nDepth">;

/** The tests that `run` measures by default. */
export const usualTest: SpeedTest = { nPrompt: 512, nGen: 128, nDepth: 0 };

export function speedQuestion(
  { memory: model, quantization }: FitModel,
  settings: FitSettings,
  nGpuLayers: number,
  test: SpeedTest = usualTest,
): SpeedQuestion {
  const flashAttention = settings.flashAttn !== "off";
  return {
    ...settings,
    model,
    quantization,
    nGpuLayers,
    flashAttention,
    ...test,
  };
}
