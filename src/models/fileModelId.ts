/** Which model of the catalogue a .gguf holds, told by its shape and its name. */
import { basename } from "node:path";
import { canonicalJson } from "../base/digest.ts";
import { metadataText } from "../gguf/headerFacts.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { bareName, kebabCase } from "../gguf/publishedName.ts";
import { shapeOf } from "../gguf/shapeOfHeader.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import { tensorTable } from "../gguf/tensorTable.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ModelDescription } from "./modelDescription.ts";

/** What decides tensors and work; training context and epsilon differ between conversions of the same model. */
const sizes = [
  "architecture",
  "n_layers",
  "n_embd",
  "n_ff",
  "n_heads",
  "n_kv_heads",
  "head_size",
  "n_vocab",
  "tied_embeddings",
] as const satisfies readonly (keyof ModelShape)[];

/**
 * The id whose shape and name the file matches, else the file's name in kebab case; a name of the catalogue on another
 * shape gets `-file` behind it, lest results of two different models be compared as one.
 */
export function fileModelId(path: string, model: GgufModel, { models, find }: Catalogue): string {
  const title = metadataText(model, "general.name") ?? "";
  const fileName = basename(path).replace(/(-\d{5}-of-\d{5})?\.gguf$/i, "");
  const shape = shapeOf(model);
  const names = new Set([title, fileName].map(bareName));
  const known = models.find(
    (candidate) =>
      shape !== undefined && isNamed(candidate, names) && sameSizes(candidate.shape, shape),
  );
  if (known !== undefined) return known.id;
  const name = kebabCase(title) || kebabCase(fileName) || "unnamed";
  return find(name) === undefined ? name : `${name}-file`;
}

function sameSizes(a: ModelShape, b: ModelShape): boolean {
  return (
    sizes.every((key) => a[key] === b[key]) &&
    a.experts?.used === b.experts?.used &&
    canonicalJson(tensorTable(a)) === canonicalJson(tensorTable(b))
  );
}

function isNamed(model: ModelDescription, bareNames: ReadonlySet<string>): boolean {
  return [model.id, model.name, ...model.aliases, ...model.file_names].some((name) =>
    bareNames.has(bareName(name)),
  );
}
