/** A model's tensors by what they are to its graph. */
import { getOrMake } from "../base/getOrMake.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";

export function tensorNamed(model: MemoryModel, name: string): FileTensor | undefined {
  return modelParts(model).byName.get(name);
}

export interface ModelParts {
  readonly byName: ReadonlyMap<string, FileTensor>;
  readonly embeddings: FileTensor | undefined;
  readonly output: FileTensor | undefined;
  readonly outputNorm: FileTensor | undefined;
  readonly ropeFactors: FileTensor | undefined;
  /** Of a second embedding, which each token has for each layer. */
  readonly layerInputs: readonly FileTensor[];
  /** By which residual streams are mixed behind the last layer. */
  readonly outputStreams: readonly FileTensor[];
  /** `attn_q.weight` and so on, by layer. */
  readonly layers: readonly ReadonlyMap<string, FileTensor>[];
}

const partsOf = new WeakMap<MemoryModel, ModelParts>();

export function modelParts(model: MemoryModel): ModelParts {
  return getOrMake(partsOf, model, () => sortedParts(model));
}

function sortedParts(model: MemoryModel): ModelParts {
  const byName = new Map(model.tensors.map((tensor) => [tensor.name, tensor]));
  const layers = Array.from({ length: model.shape.n_layers }, () => new Map<string, FileTensor>());
  for (const tensor of model.tensors) {
    const part = /^blk\.\d+\.(.+)$/.exec(tensor.name)?.[1];
    if (part !== undefined) layers[tensor.layer]?.set(part, tensor);
  }
  return {
    byName,
    embeddings: byName.get("token_embd.weight"),
    output: byName.get("output.weight"),
    // LFM2's goes by the name of another.
    outputNorm: byName.get("output_norm.weight") ?? byName.get("token_embd_norm.weight"),
    ropeFactors: byName.get("rope_freqs.weight"),
    layerInputs: model.tensors.filter(({ name }) => name.startsWith("per_layer_")),
    outputStreams: model.tensors.filter(({ name }) => name.startsWith("output_hc_")),
    layers,
  };
}
