/** Which model and quantization a llama-bench record speaks of: from the file's name, else from llama.cpp's description. */
import { quantizationNames, quantizations } from "../gguf/quantizations.ts";

/** What is needed of the catalogue to recognise a model by its shape. */
export interface KnownModel {
  readonly id: string;
  readonly nParams: number;
  readonly nLayers: number;
}

/** llama-bench's Markdown rounds to two decimals: `6.74 B`, `1.10 B`. */
const paramsTolerance = 0.005;

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

/**
 * The catalogue's id, or the file's own name in kebab case.
 *
 * A file named after a known family and size is that model (`Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf` is llama-3.1-8b).
 * Where the name says nothing (`ggml-model-q4_0.gguf`, no name in Markdown) the number of parameters decides among
 * `known`, the first that has it: models of one shape run alike.
 */
export function modelOf(
  record: { model_filename: string | null; model_type: string; model_n_params: number | null },
  known: readonly KnownModel[],
): string {
  const stem = record.model_filename === null ? null : stemOf(record.model_filename);
  const named = stem === null ? null : familyOf(stem);
  const shape = known.find(({ id }) => id === named);
  if (named !== null && sameShape(shape, record.model_n_params)) return named;
  const twin = record.model_n_params === null ? undefined : byParams(record.model_n_params, known);
  if (twin && (stem === null || /^(ggml-)?model/i.test(stem))) return twin.id;
  return kebab(stem ?? sizeName(record.model_type));
}

function byParams(nParams: number, known: readonly KnownModel[]): KnownModel | undefined {
  return known.find((model) => sameShape(model, nParams));
}

/** What isn't known is no contradiction. */
function sameShape(model: KnownModel | undefined, nParams: number | null): boolean {
  if (model === undefined || nParams === null) return true;
  return Math.abs(model.nParams / nParams - 1) < paramsTolerance;
}

/** Behind the quantization in the names of files that llmbench wrote itself (models/syntheticPlan.ts). */
const syntheticEnd = /\.synthetic-[0-9a-f]{12}$/;

/** Whether llama-bench was given a file of llmbench's making. */
export function isSynthetic(path: string | null): boolean {
  return path !== null && syntheticEnd.test(path.replace(/\.gguf$/i, ""));
}

/** File name without folder, shard number, ending and quantization. */
function stemOf(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  return name
    .replace(/\.gguf$/i, "")
    .replace(/-\d{5}-of-\d{5}$/, "")
    .replace(syntheticEnd, "")
    .replace(/[-._](ud[-_])?(i?q\d\w*|b?f16|f32|mxfp4\w*)$/i, "");
}

const families: readonly [RegExp, (match: RegExpExecArray) => string][] = [
  [/tiny[-_ ]?llama[-_ ]?(\d(?:\.\d+)?)b/i, ([, size]) => `tinyllama-${size}b`],
  [
    /llama[-_ ]?([123](?:[._]\d)?)[-_ ](\d+(?:\.\d+)?)b/i,
    ([, release, size]) => `llama-${(release ?? "").replace("_", ".")}-${size}b`,
  ],
  [/mistral[-_ ]small.*?(\d+)b/i, ([, size]) => `mistral-small-${size}b`],
  [/mistral[-_ ](\d+)b/i, ([, size]) => `mistral-${size}b`],
  [/qwen[-_ ]?3[-_ ](\d+(?:\.\d+)?)b/i, ([, size]) => `qwen3-${size}b`],
];

function familyOf(stem: string): string | null {
  // Forks named after their parent (CodeLlama, Llama-2-7B-32K) share its shape; a mixture does not.
  if (/\d+x\d+b|a\d+b/i.test(stem)) return null;
  for (const [pattern, id] of families) {
    const match = pattern.exec(stem);
    if (match) return id(match);
  }
  return null;
}

/** `llama 7B` of `llama 7B Q4_K - Medium`. */
function sizeName(modelType: string): string {
  return modelType.split(" ").slice(0, 2).join(" ");
}

function kebab(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
