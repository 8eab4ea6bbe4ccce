/** `llmbench synth`: a file of synthetic weights, of a described shape or like another model's. */
import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { cacheFolder } from "../base/cacheFolder.ts";
import { LlmbenchError } from "../errors.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { planImitationOf } from "../models/imitationPlan.ts";
import { resolveModel, type DescribedModel } from "../models/resolveModel.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import { writeSyntheticFile } from "../models/syntheticFile.ts";
import { planSyntheticFile, type SyntheticPlan } from "../models/syntheticPlan.ts";
import { askToWrite } from "../ui/askToWrite.ts";
import { stoppable } from "../ui/interruption.ts";
import type { Progress } from "../ui/progress.ts";
import { weightsStep } from "../ui/byteSteps.ts";
import { TensorTypeQuestions } from "./tensorTypes.ts";

/** What the weights are like: a catalogue's or a YAML file's model at a quantization, or another model as it is. */
export type Original =
  | { readonly model: string; readonly quantization: Quantization }
  | { readonly like: string };

export interface SynthOptions {
  /** `--force`. */
  readonly force: boolean;
  /** `--yes`. */
  readonly yes: boolean;
  readonly progress: Progress;
}

export interface Synthesized {
  /** For people: `llama-2-70b q4_k_m`, `like theirs.gguf`. */
  readonly name: string;
  readonly bytes: number;
}

/**
 * @param output the file to write
 * @throws LlmbenchError `output` for a file that is there, or a disk without room; `usage` for a model that can't be
 *   imitated or described so, and where nobody agreed to write.
 */
export async function synthesize(
  original: Original,
  output: string,
  { force, yes, progress }: SynthOptions,
): Promise<Synthesized> {
  const path = resolve(output);
  if (existsSync(path) && !force) {
    throw new LlmbenchError("output", `${output} is there already; add --force to write over it`);
  }
  const { plan, name } = await planned(original);
  const { fileBytes: bytes } = plan;
  const elsewhere = "give -o a file on another disk";
  if (!(await askToWrite({ bytes, folder: dirname(path), elsewhere, yes }))) {
    throw new LlmbenchError("usage", "nothing was written");
  }
  progress.begin(weightsStep(name, bytes));
  try {
    const onProgress = (bytesWritten: number) => progress.advance(bytesWritten);
    await stoppable((signal) => writeSyntheticFile(path, plan, { onProgress, signal }));
  } finally {
    progress.end();
  }
  return { name, bytes };
}

interface Planned {
  readonly plan: SyntheticPlan;
  readonly name: string;
}

async function planned(original: Original): Promise<Planned> {
  if ("like" in original) return imitation(original.like);
  const { model, quantization } = original;
  const described = describedModel(model);
  return {
    plan: await ofShape(described, quantization),
    name: `${described.id} ${quantization}`,
  };
}

async function imitation(spec: string): Promise<Planned> {
  const model = await resolveForWeights(spec, "synthetic", cacheFolder());
  if (model.kind !== "file") {
    throw new LlmbenchError(
      "usage",
      `--like ${spec}: expected a .gguf or hf:user/repo:QUANT; a model of the catalogue is --model ${spec}`,
    );
  }
  return { plan: planImitationOf(model, cacheFolder()), name: `like ${spec}` };
}

function describedModel(spec: string): DescribedModel {
  const model = resolveModel(spec);
  if (model.kind !== "file") return model;
  throw new LlmbenchError(
    "usage",
    `--model ${spec} has weights already; --like ${spec} imitates it`,
  );
}

async function ofShape(
  { id, shape }: DescribedModel,
  quantization: Quantization,
): Promise<SyntheticPlan> {
  const questions = new TensorTypeQuestions();
  try {
    return await planSyntheticFile({ modelId: id, ...questions.question(shape, quantization) });
  } finally {
    await questions.close();
  }
}
