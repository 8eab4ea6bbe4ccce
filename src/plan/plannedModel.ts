/** The models of a run, each resolved once: what is typed from here on. */
import { resolve } from "node:path";
import type { EngineTraits } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { decoderParameters, decoderShape, otherFormOf } from "../gguf/decoderShape.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { requireLoadable } from "../gguf/loadable.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { modelQuantizations } from "../models/modelQuantizations.ts";
import { parametersOf } from "../models/modelParameters.ts";
import { resolveModel, type ResolvedModel } from "../models/resolveModel.ts";
import { resolveForWeights } from "../models/resolveRemoteModel.ts";
import type { WeightsChoice } from "../suite/runFlags.ts";
import type { RunSettings } from "../suite/settings.ts";

/** A model that stands elsewhere: all that is known of it is the name that an engine has for it. */
export interface NamedModel {
  readonly kind: "named";
  /** As the user typed it. */
  readonly spec: string;
  /** The CSV's `model`: the name in kebab case. */
  readonly id: string;
  readonly shape: null;
}

/** A model of which the shape alone is taken: an engine draws weights for it. */
export interface DrawnModel {
  readonly kind: "drawn";
  readonly spec: string;
  readonly id: string;
  readonly shape: ModelShape;
  /** What was resolved. */
  readonly source: ResolvedModel;
}

/** Of cases of the machine alone. */
export interface NoModel {
  readonly kind: "none";
  readonly spec: "";
  readonly id: "";
  readonly shape: null;
}

export const noModel: NoModel = { kind: "none", spec: "", id: "", shape: null };

export type PlannedModel = ResolvedModel | NamedModel | DrawnModel | NoModel;

export interface AskedModel {
  readonly model: PlannedModel;
  /** Null of a file whose types llmbench has no name for, and of a model that is only named, or whose weights are drawn. */
  readonly quantizations: readonly (Quantization | null)[];
}

type Asking = Pick<RunSettings, "weights" | "quantizations" | "quantizationsAsked">;

/** @throws {LlmbenchError} for what is no model or none that llama.cpp loads, and for another quantization than a file's. */
export async function askedModel(
  spec: string,
  asking: Asking,
  cacheDir: string,
): Promise<AskedModel & { readonly model: ResolvedModel }> {
  const model = await resolveForWeights(spec, asking.weights, cacheDir);
  if (model.kind === "file") requireLoadable(model.spec, model.gguf);
  const remote = model.kind === "file" && model.remote !== null;
  // A remote file was chosen by its quantization, which is its own then.
  const quantizations = remote ? [model.quantization] : modelQuantizations(model, asking);
  return { model, quantizations };
}

export function namedModel(spec: string): AskedModel {
  const id = kebab(spec);
  return { model: { kind: "named", spec, id, shape: null }, quantizations: [null] };
}

/** @throws {LlmbenchError} for what is no model, and for one that isn't trained here. */
export function drawnModel(spec: string): AskedModel & { readonly model: DrawnModel } {
  const source = resolveModel(spec);
  const { id, shape } = source;
  const other = shape === null ? "a shape that llmbench doesn't know" : otherFormOf(shape);
  if (shape === null || other !== null)
    throw new LlmbenchError(
      "usage",
      `model ${spec}: what is trained are decoders of Llama's form, and this one has ${other}`,
    );
  return { model: { kind: "drawn", spec, id, shape, source }, quantizations: [null] };
}

/** Letters, digits, and the dots of versions: `Qwen/Qwen3-8B` is `qwen-qwen3-8b`. */
function kebab(name: string): string {
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+(?:(?<=\d)\.(?=\d)[\p{L}\p{N}]+)*/gu);
  return words?.join("-") ?? "unnamed";
}

/** The model of a case that an earlier run planned. @throws as askedModel does */
export async function modelAgain(
  spec: string,
  weights: WeightsChoice,
  cacheDir: string,
  { opens }: Pick<EngineTraits, "opens">,
): Promise<PlannedModel> {
  switch (opens) {
    case "files":
      return resolveForWeights(spec, weights, cacheDir);
    case "names":
      return namedModel(spec).model;
    case "shapes":
      return drawnModel(spec).model;
    default:
      return opens satisfies never;
  }
}

/** All tensors' elements; null where nobody tells. */
export function parametersKnown(model: PlannedModel): number | null {
  switch (model.kind) {
    case "none":
    case "named":
      return null;
    case "drawn":
      return decoderParameters(decoderShape(model.shape));
    case "file":
    case "catalogue":
    case "yaml":
      return parametersOf(model);
    default:
      return model satisfies never;
  }
}

/** A path that was typed relative to one working directory, for a resume from another. */
export function specFromAnywhere(model: Exclude<PlannedModel, NoModel>): string {
  switch (model.kind) {
    case "file":
      return model.path;
    case "yaml":
      return resolve(model.spec);
    case "drawn":
      return specFromAnywhere(model.source);
    case "catalogue":
    case "named":
      return model.spec;
    default:
      return model satisfies never;
  }
}
