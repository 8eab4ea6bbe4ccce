/** A model at one quantization, with the bytes that it is measured on: found on disk, made here, or held by an engine. */
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import { fileMemoryModel } from "../fit/fileMemoryModel.ts";
import { shapeMemoryModel, type MemoryModel } from "../fit/memoryModel.ts";
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { planImitationOf } from "../models/imitationPlan.ts";
import { findLocal } from "../models/local/localModels.ts";
import type { DescribedModel, FileModel } from "../models/resolveModel.ts";
import { planSyntheticFile } from "../models/syntheticPlan.ts";
import type { WeightsChoice } from "../suite/runFlags.ts";
import { noModel, type PlannedModel } from "./plannedModel.ts";
import { FileWeights } from "./weights/fileWeights.ts";
import { SyntheticWeights } from "./weights/syntheticWeights.ts";
import type { Weights } from "./weights/weights.ts";
import { drawnWeights, namedWeights, noWeights } from "./weights/withoutFiles.ts";
import { tellModel } from "../predict/modelOfRecord.ts";

export interface Variant {
  readonly model: PlannedModel;
  readonly quantization: Quantization | null;
  readonly weights: Weights;
  /** Null where nothing is known of its memory. */
  readonly memory: MemoryModel | null;
}

/** What cases of the machine alone are measured on. */
export const noVariant: Variant = {
  model: noModel,
  quantization: null,
  weights: noWeights,
  memory: null,
};

export interface WeightsContext {
  readonly choice: WeightsChoice;
  readonly cacheDir: string;
  readonly enginePackage: string;
  readonly ask: AskTensorTypes;
}

/** @throws {LlmbenchError} `usage` where the wanted kind of weights can't be had. */
export async function variantOf(
  model: PlannedModel,
  quantization: Quantization | null,
  context: WeightsContext,
): Promise<Variant> {
  const variant = await foundVariant(model, quantization, context);
  // Its rows tell how fast this machine is, once it is known what they read.
  if (variant.memory !== null) tellModel(model.id, quantization, variant.memory);
  return variant;
}

async function foundVariant(
  model: PlannedModel,
  quantization: Quantization | null,
  context: WeightsContext,
): Promise<Variant> {
  switch (model.kind) {
    case "file": {
      const weights = await weightsOfFile(model, context);
      return { model, quantization, weights, memory: fileMemoryModel(model.gguf, model.shape) };
    }
    case "catalogue":
    case "yaml": {
      if (quantization === null) throw new Error("a described model has a quantization");
      return { model, quantization, ...(await weightsOfDescribed(model, quantization, context)) };
    }
    case "named":
      return { model, quantization, weights: namedWeights(model.spec), memory: null };
    case "drawn":
      return {
        model,
        quantization,
        weights: drawnWeights(model.id, model.shape),
        memory: null,
      };
    case "none":
      return noVariant;
    default:
      return model satisfies never;
  }
}

async function weightsOfFile(model: FileModel, context: WeightsContext): Promise<Weights> {
  if (context.choice === "synthetic")
    return SyntheticWeights.of(planImitationOf(model, context.cacheDir));
  const weights = new FileWeights(model.path, model.gguf);
  if (context.choice !== "real" || weights.content === "real") return weights;
  throw new LlmbenchError(
    "usage",
    `--weights real: ${model.spec} holds synthetic weights; leave --weights out, or name a file of real ones`,
  );
}

async function weightsOfDescribed(
  model: DescribedModel,
  quantization: Quantization,
  { choice, cacheDir, enginePackage, ask }: WeightsContext,
): Promise<Pick<Variant, "weights" | "memory">> {
  const { id: modelId, shape } = model;
  if (choice !== "synthetic") {
    const found = findLocal(modelId, quantization, cacheDir);
    if (found !== null) {
      const { path, gguf } = found;
      return { weights: new FileWeights(path, gguf), memory: fileMemoryModel(gguf, shape) };
    }
  }
  if (choice === "real") {
    throw new LlmbenchError(
      "usage",
      `--weights real: no file of ${modelId} ${quantization} is on disk; get it with ${toType(`pull ${model.spec} --quant ${quantization}`)}, or name a .gguf as --model`,
    );
  }
  const question = { modelId, shape, quantization, cacheDir, engineVersion: enginePackage, ask };
  const plan = await planSyntheticFile(question);
  return {
    weights: await SyntheticWeights.of(plan),
    memory: shapeMemoryModel(shape, plan.tensors),
  };
}
