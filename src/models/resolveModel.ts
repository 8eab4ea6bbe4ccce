/** What `--model` means: a model of the catalogue, a description of the user's own, or a file of real weights. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expandHome } from "../base/homePath.ts";
import { toType } from "../base/invocation.ts";
import { showValue } from "../base/showValue.ts";
import { didYouMean } from "../base/suggest.ts";
import { readYamlFile, shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { quantizationOf } from "../gguf/headerFacts.ts";
import { shapeOf } from "../gguf/shapeOfHeader.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { readGgufModel, type GgufModel } from "../gguf/splitFile.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { catalogue, type Catalogue } from "./catalogue.ts";
import { fileModelId } from "./fileModelId.ts";
import { isRemote, parseRemoteSpec } from "./hub/remoteSpec.ts";
import { localCopy } from "./local/localCopy.ts";
import { modelDescriptionSchema, type ModelDescription } from "./modelDescription.ts";
import type { Original } from "./original.ts";

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

/** Weights on disk, or elsewhere with the header here. */
export interface FileModel extends Resolved {
  readonly kind: "file";
  /** Absolute; of a split model its first file; of a remote one its spec. */
  readonly path: string;
  readonly gguf: GgufModel;
  /** Null for types that llmbench has no name for. */
  readonly quantization: Quantization | null;
  /** Null for architectures that llmbench doesn't know tensor by tensor. */
  readonly shape: ModelShape | null;
  /** Null for weights on disk. */
  readonly remote: Original | null;
}

export type ResolvedModel = DescribedModel | FileModel;

/** @throws LlmbenchError: `usage` for an unknown model, `config` for a bad YAML, `input` for a bad .gguf. */
export function resolveModel(spec: string, known: Catalogue = catalogue()): ResolvedModel {
  if (isRemote(spec)) return pulledModel(spec, known);
  if (/\.gguf$/i.test(spec)) return fileModel(spec, resolve(expandHome(spec)), known);
  if (/\.ya?ml$/i.test(spec)) return ownModel(spec, known);
  const description = known.find(spec.trim());
  if (description === undefined) throw unknownModel(spec, known);
  return { kind: "catalogue", spec, id: description.id, shape: description.shape, description };
}

function fileModel(spec: string, path: string, known: Catalogue): FileModel {
  const gguf = readGgufModel(path);
  return {
    kind: "file",
    spec,
    path,
    id: fileModelId(path, gguf, known),
    gguf,
    quantization: quantizationOf(gguf) ?? null,
    shape: shapeOf(gguf) ?? null,
    remote: null,
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

/** A remote model that is on disk; nobody is asked over the network here. */
function pulledModel(spec: string, known: Catalogue): FileModel {
  const path = localCopy(spec, null, cacheFolder());
  if (path !== null) return fileModel(spec, path, known);
  const { spec: shown } = parseRemoteSpec(spec);
  throw new LlmbenchError(
    "usage",
    `${shown} is not on disk; ${toType(`pull ${shown}`)} downloads it, --weights synthetic imitates it`,
  );
}

function unknownModel(spec: string, known: Catalogue): LlmbenchError {
  const shown = showValue(spec);
  if (/[/\\]/.test(spec) || existsSync(spec)) {
    return new LlmbenchError(
      "usage",
      `model ${shown}: expected a file that ends in .gguf or .yaml, or a model of the catalogue (${toType("models")} lists them)`,
    );
  }
  return new LlmbenchError(
    "usage",
    `unknown model ${shown}${didYouMean(spec, known.names)}; ${toType("models")} lists them, a path ends in .gguf or .yaml`,
  );
}
