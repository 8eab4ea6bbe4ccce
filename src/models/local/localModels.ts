/** Real weights that are on disk already, recognised by their headers. */
import { basename } from "node:path";
import { LlmbenchError } from "../../errors.ts";
import { architectureOf, parameterCountOf, quantizationOf } from "../../gguf/headerFacts.ts";
import type { Quantization } from "../../gguf/quantizations.ts";
import { readGgufModel, type GgufModel } from "../../gguf/splitFile.ts";
import { catalogue } from "../catalogue.ts";
import { fileModelId } from "../fileModelId.ts";
import { isLanguageModel } from "../hub/chooseFiles.ts";
import type { Env } from "../hub/hubEndpoint.ts";
import { splitSet } from "../hub/splitNames.ts";
import { syntheticMarkOf } from "../syntheticRecipe.ts";
import { filesIn, type FoundFile } from "./foundFiles.ts";
import { localPlaces } from "./places.ts";

export interface LocalModel {
  /** The catalogue's id where shape and name match, else the file's own name. */
  readonly id: string;
  readonly architecture: string | null;
  /** Null for types that llmbench has no name for. */
  readonly quantization: Quantization | null;
  readonly bytes: number;
  readonly parameters: number;
  readonly owner: string;
  /** Of a split model its first file. */
  readonly path: string;
  readonly gguf: GgufModel;
}

export interface BrokenFile {
  readonly owner: string;
  readonly path: string;
  readonly problem: string;
}

export interface LocalWeights {
  readonly models: readonly LocalModel[];
  /** What looks like a model and can't be used. */
  readonly broken: readonly BrokenFile[];
}

/** Headers read at most: each is a few megabytes of vocabulary. */
const maxModels = 1000;

/** In the order of preference of places, by path there. */
export function localWeights(cacheDir: string, env: Env = process.env): LocalWeights {
  const models: LocalModel[] = [];
  const broken: BrokenFile[] = [];
  const files = localPlaces(cacheDir, env).flatMap(filesIn).filter(beginsModel);
  for (const file of files.slice(0, maxModels)) {
    const { path, place } = file;
    try {
      const model = recognised(file);
      if (model !== null) models.push(model);
    } catch (error) {
      if (!(error instanceof LlmbenchError)) throw error;
      const problem = error.message.replace(`${path}: `, "");
      broken.push({ owner: place.owner, path, problem });
    }
  }
  return { models, broken };
}

/** The first file of a model: not a further part, and no projector of a vision model. */
function beginsModel({ name }: FoundFile): boolean {
  return isLanguageModel(name) && (splitSet(name)[0] ?? name) === name;
}

/** Null for what llmbench made itself. @throws LlmbenchError `input` for what is no whole model. */
function recognised({ path, name, place }: FoundFile): LocalModel | null {
  const gguf = readGgufModel(path);
  const [first] = gguf.files;
  if (first === undefined || syntheticMarkOf(first) !== undefined) return null;
  return {
    id: fileModelId(place.layout === "ollama" ? `${name}.gguf` : basename(path), gguf, catalogue()),
    architecture: architectureOf(gguf) ?? null,
    quantization: quantizationOf(gguf) ?? null,
    bytes: gguf.files.reduce((sum, { fileBytes }) => sum + fileBytes, 0),
    parameters: parameterCountOf(gguf),
    owner: place.owner,
    path,
    gguf,
  };
}

let kept: { readonly cacheDir: string; readonly weights: LocalWeights } | undefined;

/** A model of the catalogue at a quantization, of real weights; null where none is on disk. Looked up once a process. */
export function findLocal(
  id: string,
  quantization: Quantization,
  cacheDir: string,
): LocalModel | null {
  if (kept?.cacheDir !== cacheDir) kept = { cacheDir, weights: localWeights(cacheDir) };
  const { models } = kept.weights;
  return models.find((one) => one.id === id && one.quantization === quantization) ?? null;
}

/** Something was downloaded meanwhile. */
export function forgetLocal(): void {
  kept = undefined;
}
