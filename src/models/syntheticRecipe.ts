/** What decides every byte of a synthetic file, and its digest, which the file carries in its metadata. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/digest.ts";
import { metadataText } from "../gguf/headerFacts.ts";
import type { HeaderFacts } from "../gguf/headerFacts.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { TensorTypes } from "../gguf/tensorTable.ts";
import type { MetadataEntry } from "../gguf/writeHeader.ts";

/** Raised when the same recipe would give other bytes: files of another version are made anew. */
const formatVersion = 1;

export interface SyntheticRecipe {
  readonly modelId: string;
  readonly shape: ModelShape;
  readonly quantization: Quantization;
  readonly types: TensorTypes;
}

/** SHA-256 in hex. */
export function recipeDigest({ modelId, shape, quantization, types }: SyntheticRecipe): string {
  const recipe = { formatVersion, modelId, shape, quantization, types: Object.fromEntries(types) };
  return createHash("sha256").update(canonicalJson(recipe)).digest("hex");
}

const keys = {
  digest: "llmbench.synthetic.recipe_digest",
  model: "llmbench.synthetic.model",
  quantization: "llmbench.synthetic.quantization",
} as const;

export function recipeMetadata(recipe: SyntheticRecipe, digest: string): MetadataEntry[] {
  return [
    { key: keys.digest, type: "string", value: digest },
    { key: keys.model, type: "string", value: recipe.modelId },
    { key: keys.quantization, type: "string", value: recipe.quantization },
  ];
}

/** What a file says of its making; undefined for a file that llmbench didn't make: one of real weights. */
export interface SyntheticMark {
  readonly digest: string;
  readonly model: string;
  readonly quantization: string;
}

export function syntheticMarkOf(header: HeaderFacts): SyntheticMark | undefined {
  const digest = metadataText(header, keys.digest);
  const model = metadataText(header, keys.model);
  const quantization = metadataText(header, keys.quantization);
  if (digest === undefined || model === undefined || quantization === undefined) return undefined;
  return { digest, model, quantization };
}
