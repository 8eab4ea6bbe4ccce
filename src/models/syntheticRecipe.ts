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
const formatVersion = 4;

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

/** Of a file with another's header: that decides all but the small tensors, which are the other's own. */
export function imitationDigest(modelId: string, headerDigests: readonly string[]): string {
  const recipe = { formatVersion, modelId, headerDigests };
  return createHash("sha256").update(canonicalJson(recipe)).digest("hex");
}

const keys = {
  digest: "llmbench.synthetic.recipe_digest",
  model: "llmbench.synthetic.model",
  quantization: "llmbench.synthetic.quantization",
  headerOf: "llmbench.synthetic.header_of",
} as const;

/** What a file says of its making. */
export interface SyntheticMark {
  readonly digest: string;
  readonly model: string;
  readonly quantization: string;
  /** Whose header it has; null for one of llmbench's own making. */
  readonly headerOf: string | null;
}

const text = (key: string, value: string): MetadataEntry => ({ key, type: "string", value });

export function markMetadata(mark: SyntheticMark): MetadataEntry[] {
  return [
    text(keys.digest, mark.digest),
    text(keys.model, mark.model),
    text(keys.quantization, mark.quantization),
    ...(mark.headerOf === null ? [] : [text(keys.headerOf, mark.headerOf)]),
  ];
}

export function isMark(key: string): boolean {
  return Object.values<string>(keys).includes(key);
}

/** Undefined for a file that llmbench didn't make: one of real weights. */
export function syntheticMarkOf(header: HeaderFacts): SyntheticMark | undefined {
  const digest = metadataText(header, keys.digest);
  const model = metadataText(header, keys.model);
  const quantization = metadataText(header, keys.quantization);
  if (digest === undefined || model === undefined || quantization === undefined) return undefined;
  const headerOf = metadataText(header, keys.headerOf) ?? null;
  return { digest, model, quantization, headerOf };
}
