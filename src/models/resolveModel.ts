/** What `--model` means: a model of the catalogue, a description of the user's own, or a file of real weights. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expandHome } from "../base/homePath.ts";
import { showValue } from "../base/schemaIssues.ts";
import { didYouMean } from "../base/suggest.ts";
import { readYamlFile, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { quantizationOf, shapeOf } from "../gguf/headerFacts.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { readGgufModel, type GgufModel } from "../gguf/splitFile.ts";
import { catalogue, type Catalogue } from "./catalogue.ts";
import { fileModelId } from "./fileModelId.ts";
import { modelDescriptionSchema, type ModelDescription } from "./modelDescription.ts";

interface Resolved {
  /** As the user typed it. */
  readonly spec: string;
  /** The CSV's `model`. */
  readonly id: string;
}

/** A shape, for which weights are found or made. */
export interface DescribedModel extends Resolved {
  readonly kind: "catalogue" | "yaml";
  readonly shape: ModelShape;
  readonly description: ModelDescription;
}

/** Weights on disk. */
export interface FileModel extends Resolved {
  readonly kind: "file";
  /** Absolute; of a split model its first file. */
  readonly path: string;
  readonly gguf: GgufModel;
  /** Null for types that llmbench has no name for. */
  readonly quantization: Quantization | null;
  /** Null for architectures that llmbench doesn't know tensor by tensor. */
  readonly shape: ModelShape | null;
}

export type ResolvedModel = DescribedModel | FileModel;

/** @throws LlmbenchError: `usage` for an unknown model, `config` for a bad YAML, `input` for a bad .gguf. */
export function resolveModel(spec: string, known: Catalogue = catalogue()): ResolvedModel {
  if (/^hf:/i.test(spec)) throw notDownloaded(spec);
  if (/\.gguf$/i.test(spec)) return fileModel(spec, known);
  if (/\.ya?ml$/i.test(spec)) return ownModel(spec, known);
  const description = known.find(spec.trim());
  if (description === undefined) throw unknownModel(spec, known);
  return { kind: "catalogue", spec, id: description.id, shape: description.shape, description };
}

function fileModel(spec: string, known: Catalogue): FileModel {
  const path = resolve(expandHome(spec));
  const gguf = readGgufModel(path);
  return {
    kind: "file",
    spec,
    path,
    id: fileModelId(path, gguf, known),
    gguf,
    quantization: quantizationOf(gguf) ?? null,
    shape: shapeOf(gguf) ?? null,
  };
}

function ownModel(spec: string, known: Catalogue): DescribedModel {
  const description = readYamlFile(resolve(expandHome(spec)), modelDescriptionSchema);
  const { id, shape } = description;
  const namesake = known.find(id);
  if (namesake !== undefined && JSON.stringify(namesake.shape) !== JSON.stringify(shape)) {
    throw new LlmbenchError(
      "config",
      `${shownPath(resolve(spec))}: id: ${id} means a model of the catalogue with another shape, choose another id`,
    );
  }
  return { kind: "yaml", spec, id, shape, description };
}

function notDownloaded(spec: string): LlmbenchError {
  const [user = "", repo = ""] = spec.slice("hf:".length).split("/");
  const page = repo === "" ? "" : ` from huggingface.co/${user}/${repo.split(":")[0]}`;
  return new LlmbenchError(
    "usage",
    `${spec}: downloading models is not there yet; download the .gguf${page} yourself and give its path as --model`,
  );
}

function unknownModel(spec: string, known: Catalogue): LlmbenchError {
  const shown = showValue(spec);
  if (/[/\\]/.test(spec) || existsSync(spec)) {
    return new LlmbenchError(
      "usage",
      `model ${shown}: expected a file that ends in .gguf or .yaml, or a model of the catalogue (llmbench models lists them)`,
    );
  }
  return new LlmbenchError(
    "usage",
    `unknown model ${shown}${didYouMean(spec, known.names)}; llmbench models lists them, a path ends in .gguf or .yaml`,
  );
}
