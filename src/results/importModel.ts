/**
 * Which model and quantization a llama-bench record speaks of: llama.cpp's word for the architecture, the number of
 * parameters and the file's name together. What isn't known to be one of the catalogue's keeps an identity of its own.
 */
import { layersOfType } from "../gguf/layersOfType.ts";
import { bareName, fileStem, kebabCase } from "../gguf/publishedName.ts";
import { quantizationNames, quantizations } from "../gguf/quantizations.ts";

/** What is needed of the catalogue to recognise a model. */
export interface KnownModel {
  readonly id: string;
  /** As people and hubs name it, beside its id. */
  readonly names?: readonly string[];
  /** llama.cpp's word for it; left out, it isn't looked at. */
  readonly architecture?: string;
  readonly nParams: number;
  readonly nLayers: number;
}

const labels = quantizationNames
  .map((name) => [quantizations[name].label.toLowerCase(), name] as const)
  // `iq3_s mix - 3.66 bpw` before `iq3_s`: the longest label that ends the description is meant.
  .toSorted(([a], [b]) => b.length - a.length);

/** llmbench's name of the quantization in `llama 7B Q4_K - Medium`; older builds say `mostly Q4_0`. */
export function quantizationOf(modelType: string): string | null {
  const description = modelType.toLowerCase().trim();
  const known = labels.find(([label]) => description.endsWith(` ${label}`));
  if (known) return known[1];
  // Types that llmbench doesn't write (MXFP4 MoE, TQ1_0, …) keep llama.cpp's word for them.
  const word = / ([a-z]*q\d\w*|mxfp4|nvfp4)\b/.exec(description);
  return word?.[1] ?? null;
}

/** What a record tells of its model. */
export interface ToldModel {
  readonly model_filename: string | null;
  readonly model_type: string;
  readonly model_n_params: number | null;
}

export interface IdentifiedModel {
  /** The catalogue's id, or the file's own name in kebab case. */
  readonly id: string;
  /** Null where neither the catalogue nor llama.cpp's name of the size tells. */
  readonly nLayers: number | null;
}

/**
 * A file named after a known family and size is that model (`Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf` is llama-3.1-8b),
 * unless llama.cpp says that it is of another architecture or size. Where the name says nothing (`ggml-model-q4_0.gguf`, no
 * name in Markdown) it is the first of `known` with that architecture and number of parameters: models of one shape run
 * alike.
 */
export function identify(told: ToldModel, known: readonly KnownModel[]): IdentifiedModel {
  const alike = known.filter((model) => isAlike(model, told));
  const model = alike.find(({ id }) => id === namedModel(told, alike));
  if (model !== undefined) return { id: model.id, nLayers: model.nLayers };
  const [architecture, size] = typeWords(told.model_type);
  return {
    id: ownName(told, known),
    nLayers: layersOfType(architecture, size, told.model_n_params),
  };
}

/** The id that the file's name means among these models; null where it means none. */
function namedModel(told: ToldModel, alike: readonly KnownModel[]): string | null {
  const stem = stemOf(told);
  if (stem === null || saysNothing(stem))
    return told.model_n_params === null ? null : (alike[0]?.id ?? null);
  const family = familyOf(stem, architectureOf(told));
  if (family !== null) return family;
  const bare = bareName(stem);
  const named = alike.find(({ id, names = [] }) =>
    [id, ...names].some((name) => bareName(name) === bare),
  );
  return named?.id ?? null;
}

/** `ggml-model-q4_0.gguf`. */
function saysNothing(stem: string): boolean {
  return /^(ggml-)?model/i.test(stem);
}

/** Of a model that isn't one of these; a name of theirs on another shape gets `-file` behind it, as fileModelId does. */
function ownName(told: ToldModel, known: readonly KnownModel[]): string {
  const stem = stemOf(told);
  const [architecture, size] = typeWords(told.model_type);
  const family = stem === null ? null : familyOf(stem, architecture);
  if (family !== null && !known.some(({ id }) => id === family)) return family;
  const name = kebabCase(stem ?? `${architecture} ${size}`) || "unnamed";
  return known.some(({ id }) => id === name) ? `${name}-file` : name;
}

/** `["llama", "7B"]` of `llama 7B Q4_K - Medium`. */
function typeWords(modelType: string): [architecture: string, size: string] {
  const [architecture = "", size = ""] = modelType.trim().split(/\s+/);
  return [architecture, size];
}

function architectureOf({ model_type: type }: ToldModel): string {
  return typeWords(type)[0].toLowerCase();
}

/** What isn't known is no contradiction. */
function isAlike(model: KnownModel, told: ToldModel): boolean {
  const { architecture, nParams } = model;
  if (architecture !== undefined && architecture !== architectureOf(told)) return false;
  const { model_n_params: parameters } = told;
  if (parameters === null) return true;
  const difference = Math.abs(nParams - parameters);
  return (
    difference <= parametersError(parameters) ||
    (isOfMixture(model, told) && difference <= furtherLayer * nParams)
  );
}

/** What a layer behind the last adds that predicts a further token: files hold it, and llama.cpp counts it. */
const furtherLayer = 0.05;

/** `106B.A12B`: the parameters of all experts and of those in use, which no two models of an architecture share. */
function isOfMixture({ nLayers }: KnownModel, { model_type, model_n_params }: ToldModel): boolean {
  const [architecture, size] = typeWords(model_type);
  return /\.A\d/i.test(size) && layersOfType(architecture, size, model_n_params) === nLayers;
}

/** Conversions of one model differ by a few small tensors, such as rope's factors. */
const conversions = 0.001;

/** llama-bench's Markdown rounds to two decimals of a billion, below it of a million (`6.74 B`, `22.02 M`). */
function parametersError(parameters: number): number {
  const step = parameters < 1e9 ? 1e4 : 1e7;
  return parameters % step === 0 ? step / 2 : conversions * parameters;
}

/** Behind the quantization in the names of files that llmbench wrote itself (models/syntheticPlan.ts). */
const syntheticEnd = /\.synthetic-[0-9a-f]{12}$/;

/** Whether llama-bench was given a file of llmbench's making. */
export function isSynthetic(path: string | null): boolean {
  return path !== null && syntheticEnd.test(path.replace(/\.gguf$/i, ""));
}

function stemOf({ model_filename: path }: ToldModel): string | null {
  if (path === null) return null;
  return fileStem(path.replace(/\.gguf$/i, "").replace(syntheticEnd, ""));
}

interface Family {
  /** llama.cpp's words for it. */
  readonly architectures: readonly string[];
  readonly pattern: RegExp;
  readonly id: (match: RegExpExecArray) => string;
}

const families: readonly Family[] = [
  {
    architectures: ["llama"],
    pattern: /tiny[-_ ]?llama[-_ ]?(\d(?:\.\d+)?)b/i,
    id: ([, size]) => `tinyllama-${size}b`,
  },
  {
    architectures: ["llama"],
    pattern: /llama[-_ ]?([123](?:[._]\d)?)[-_ ](\d+(?:\.\d+)?)b/i,
    id: ([, release, size]) => `llama-${(release ?? "").replace("_", ".")}-${size}b`,
  },
  {
    architectures: ["llama", "mistral3"],
    pattern: /mistral[-_ ]small.*?(\d+)b/i,
    id: ([, size]) => `mistral-small-${size}b`,
  },
  {
    architectures: ["llama", "mistral3"],
    pattern: /mistral[-_ ](\d+)b/i,
    id: ([, size]) => `mistral-${size}b`,
  },
  {
    architectures: ["qwen3"],
    pattern: /qwen[-_ ]?3[-_ ](\d+(?:\.\d+)?)b/i,
    id: ([, size]) => `qwen3-${size}b`,
  },
];

function familyOf(stem: string, architecture: string): string | null {
  // Forks named after their parent (CodeLlama, Llama-2-7B-32K) share its shape; a mixture does not.
  if (/\d+x\d+b|a\d+b/i.test(stem)) return null;
  const word = architecture.toLowerCase();
  for (const { architectures, pattern, id } of families) {
    const match = architectures.includes(word) ? pattern.exec(stem) : null;
    if (match) return id(match);
  }
  return null;
}
