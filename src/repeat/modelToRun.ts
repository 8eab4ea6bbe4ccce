/** What `--model` has to say to measure a case's model again. */
import type { ModelFacts } from "../bench/record.ts";
import type { WeightsKind } from "../bench/weights.ts";
import { quantizationNames } from "../gguf/quantizations.ts";
import { catalogue } from "../models/catalogue.ts";
import type { ModelDescription } from "../models/modelDescription.ts";
import { isRemote } from "../models/hub/remoteSpec.ts";

export interface ModelToRun {
  readonly spec: string;
  /** Null where the file has its own. */
  readonly quantization: string | null;
  /** Null where the file tells them. */
  readonly weights: WeightsKind | null;
  /** Null for a file. */
  readonly description: ModelDescription | null;
}

/**
 * The catalogue's model; the file, where it isn't one of the catalogue's; else another of its shape. A string says why
 * there is none.
 * @param twins names of models of one shape with it, whose speeds stand for its own.
 */
export function modelToRun(model: ModelFacts, twins: readonly string[]): ModelToRun | string {
  const { headerOf, quantization } = model;
  if (headerOf !== null) return imitated(headerOf) ?? fileOf(model) ?? noFile(model);
  if (!quantizationNames.some((name) => name === quantization))
    return (
      fileOf(model) ??
      (quantization === null
        ? `the quantization of ${model.id} isn't known`
        : `llmbench makes no ${quantization}, and the file isn't known`)
    );
  return described(model, model.id) ?? fileOf(model) ?? firstOf(model, twins) ?? noFile(model);
}

/** Its shape alone counts, which the catalogue has, or nobody. */
export function modelToTrain({ id }: ModelFacts): ModelToRun | string {
  const description = catalogue().find(id);
  return description === undefined
    ? `llmbench knows no model ${id}, and the file of its shape isn't known`
    : { spec: description.id, quantization: null, weights: null, description };
}

/** On a hub; of one on disk the imitation itself is the only file whose place is known. */
function imitated(spec: string): ModelToRun | null {
  if (!isRemote(spec)) return null;
  return { spec, quantization: null, weights: "synthetic", description: null };
}

function described({ quantization, weights }: ModelFacts, name: string): ModelToRun | null {
  const description = catalogue().find(name);
  return description === undefined
    ? null
    : { spec: description.id, quantization, weights, description };
}

function firstOf(model: ModelFacts, names: readonly string[]): ModelToRun | null {
  return names.map((name) => described(model, name)).find((twin) => twin !== null) ?? null;
}

/** The file says itself whether its weights are synthetic; asking for such of it would imitate it. */
function fileOf({ file, weights }: ModelFacts): ModelToRun | null {
  if (file === null || !/^[^-,][^,]*\.gguf$/i.test(file)) return null;
  return {
    spec: file,
    quantization: null,
    weights: weights === "real" ? "real" : null,
    description: null,
  };
}

function noFile({ id }: ModelFacts): string {
  return `llmbench knows no model ${id}, and its file isn't known`;
}
