/** A file's memory model: weights and caches by its header; of an architecture whose graph llmbench doesn't lay out, one that resembles it. */
import { metadataNumber } from "../gguf/headerFacts.ts";
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { hyperparameters } from "../gguf/readHyperparameters.ts";
import type { GgufModel } from "../gguf/splitFile.ts";
import { computeBand } from "./computeBand.ts";
import { hasKnownGraph } from "./graph/graphTraits.ts";
import { memoryModel, modelLayers, type MemoryModel } from "./memoryModel.ts";
import { resemblingShape, type Resembled } from "./resemblingShape.ts";

/** `shape` as resolveModel found it. Null where the header doesn't even tell layers and widths. */
export function fileMemoryModel(gguf: GgufModel, shape: ModelShape | null): MemoryModel | null {
  const dims = new Map(gguf.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const parameters = hyperparameters(gguf.metadata, (name) => dims.has(name));
  if (parameters === undefined) return null;
  const layers = modelLayers(parameters);
  const known = shape !== null && hasKnownGraph(shape);
  const near = known
    ? shape
    : resemblingShape({ parameters, caches: layers.caches, ...toldOf(gguf, parameters, dims) });
  if (near === null) return null;
  const files = gguf.files.map(({ tensors }) => tensors);
  return memoryModel(near, files, layers, known ? null : computeBand(parameters));
}

function toldOf(
  gguf: GgufModel,
  { architecture, feedForward }: Hyperparameters,
  dims: ReadonlyMap<string, readonly number[]>,
): Omit<Resembled, "parameters" | "caches"> {
  const number = (key: string) => metadataNumber(gguf, `${architecture}.${key}`);
  const experts = number("expert_used_count") ?? 0;
  const width = number("expert_feed_forward_length") ?? Math.max(0, ...feedForward);
  return {
    vocabulary: dims.get("token_embd.weight")?.[1] ?? number("vocab_size"),
    trainedTokens: number("context_length"),
    tiedEmbeddings: !dims.has("output.weight"),
    expertsWidth: experts * width,
  };
}
