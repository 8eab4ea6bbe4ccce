/** Which bytes a model is measured on: a real file on disk, or a synthetic one, made where it isn't yet. */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { GgufHeader } from "../gguf/readHeader.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import { planImitationOf } from "../models/imitationPlan.ts";
import { findLocal } from "../models/local/localModels.ts";
import type { DescribedModel, FileModel, ResolvedModel } from "../models/resolveModel.ts";
import { isMade } from "../models/syntheticFile.ts";
import { planSyntheticFile, type SyntheticPlan } from "../models/syntheticPlan.ts";
import { syntheticMarkOf } from "../models/syntheticRecipe.ts";
import type { WeightsChoice } from "../suite/runFlags.ts";

/** A file as it was when the plan was made. */
export interface SourceFile {
  readonly path: string;
  readonly bytes: number;
  readonly headerBytes: number;
  readonly headerDigest: string;
}

interface SourceFacts {
  /** What is in it: a file on disk may be one of llmbench's own making. */
  readonly weights: "real" | "synthetic";
  /** Of synthetic weights, the file or remote model whose header they have; null for none. */
  readonly headerOf: string | null;
}

export type WeightsSource = SourceFacts &
  (
    | {
        readonly kind: "real";
        readonly path: string;
        /** All files of a split model. */
        readonly files: readonly SourceFile[];
        readonly gguf: GgufModel;
        readonly tensorBytes: number;
        readonly identity: string;
      }
    | {
        readonly kind: "synthetic";
        readonly path: string;
        readonly plan: SyntheticPlan;
        /** Was in the cache when the plan was made. */
        readonly made: boolean;
        readonly tensorBytes: number;
        readonly identity: string;
      }
  );

export interface WeightsContext {
  readonly choice: WeightsChoice;
  readonly cacheDir: string;
  readonly enginePackage: string;
  readonly ask: AskTensorTypes;
}

/** @throws {LlmbenchError} `usage` where the wanted kind of weights can't be had. */
export async function weightsSource(
  model: ResolvedModel,
  quantization: Quantization | null,
  context: WeightsContext,
): Promise<WeightsSource> {
  if (model.kind === "file") {
    return context.choice === "synthetic"
      ? madeSource(planImitationOf(model, context.cacheDir))
      : realSource(model, context.choice);
  }
  if (quantization === null) throw new Error("a described model has a quantization");
  if (context.choice !== "synthetic") {
    const found = findLocal(model.id, quantization, context.cacheDir);
    if (found !== null) return realWeights(found.path, found.gguf);
  }
  return syntheticSource(model, quantization, context);
}

function realSource(model: FileModel, choice: WeightsChoice): WeightsSource {
  const source = realWeights(model.path, model.gguf);
  if (choice !== "real" || source.weights === "real") return source;
  throw new LlmbenchError(
    "usage",
    `--weights real: ${model.spec} holds synthetic weights; leave --weights out, or name a file of real ones`,
  );
}

function realWeights(path: string, gguf: GgufModel): WeightsSource {
  const files = gguf.files.map(sourceFile);
  const mark = syntheticMarkOf(gguf);
  return {
    kind: "real",
    weights: mark === undefined ? "real" : "synthetic",
    headerOf: mark?.headerOf ?? null,
    path,
    files,
    gguf,
    tensorBytes: gguf.tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    identity: files.map(({ headerDigest, bytes }) => `${headerDigest}:${bytes}`).join(","),
  };
}

function sourceFile({ path, fileBytes: bytes, dataOffset: headerBytes }: GgufHeader): SourceFile {
  return { path, bytes, headerBytes, headerDigest: digestOfHeader(path, headerBytes) };
}

/** A digest of the header tells two models apart without reading 40 GB. */
function digestOfHeader(path: string, bytes: number): string {
  const header = Buffer.alloc(bytes);
  const descriptor = openSync(path, "r");
  try {
    readSync(descriptor, header, 0, bytes, 0);
  } finally {
    closeSync(descriptor);
  }
  return createHash("sha256").update(header).digest("hex");
}

/** What became of a file since the plan was made; null where it is as it was. */
export function changeOfFile(file: SourceFile): string | null {
  const { path, bytes, headerBytes } = file;
  try {
    const { size } = statSync(path);
    if (size !== bytes) return `${path} had ${bytes} bytes when the run began, and now has ${size}`;
    const same = digestOfHeader(path, headerBytes) === file.headerDigest;
    return same ? null : `${path} holds another model than when the run began`;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? `${path} is gone` : `${path} can't be read any more: ${message}`;
  }
}

async function syntheticSource(
  model: DescribedModel,
  quantization: Quantization,
  { choice, cacheDir, enginePackage, ask }: WeightsContext,
): Promise<WeightsSource> {
  if (choice === "real") {
    throw new LlmbenchError(
      "usage",
      `--weights real: no file of ${model.id} ${quantization} is on disk; get it with ${toType(`pull ${model.spec} --quant ${quantization}`)}, or name a .gguf as --model`,
    );
  }
  const plan = await planSyntheticFile({
    modelId: model.id,
    shape: model.shape,
    quantization,
    cacheDir,
    engineVersion: enginePackage,
    ask,
  });
  return madeSource(plan);
}

async function madeSource(plan: SyntheticPlan): Promise<WeightsSource> {
  return {
    kind: "synthetic",
    weights: "synthetic",
    headerOf: plan.headerOf,
    path: plan.path,
    plan,
    made: await isMade(plan.path, plan),
    tensorBytes: plan.tensorBytes,
    identity: plan.digest,
  };
}
