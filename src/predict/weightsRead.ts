/** Bytes of weights that a batch reads, in all and by layer: asked of one model for many machines. */
import { getOrMake } from "../base/getOrMake.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { isOfExperts, layerOf, shareRead } from "../gguf/tensorTable.ts";

/** A tensor of a file, or of one that could be written. */
export interface WeighedTensor {
  readonly name: string;
  readonly bytes: number;
}

export class WeightsRead {
  readonly total: number;
  /** What belongs to no layer: the output, and embeddings that are the output too. */
  private readonly outside: number;
  /** Of the layers before each. */
  private readonly denseBefore: readonly number[];
  private readonly expertsBefore: readonly number[];

  constructor(tensors: readonly WeighedTensor[], shape: ModelShape, tokens: number) {
    let outside = 0;
    const dense: number[] = Array.from({ length: shape.n_layers }, () => 0);
    const experts = [...dense];
    for (const { name, bytes } of tensors) {
      const read = bytes * shareRead(name, shape, tokens);
      const layer = layerOf(name);
      if (layer === -1) outside += read;
      else {
        const of = isOfExperts(name) ? experts : dense;
        of[layer] = (of[layer] ?? 0) + read;
      }
    }
    this.outside = outside;
    this.denseBefore = runningSums(dense);
    this.expertsBefore = runningSums(experts);
    this.total = outside + (this.denseBefore.at(-1) ?? 0) + (this.expertsBefore.at(-1) ?? 0);
  }

  /** Of the first `layers`, of the experts of the first `expertLayers`, and what belongs to none where no layer is left. */
  ofFirst(layers: number, expertLayers: number, withOutside: boolean): number {
    return (
      at(this.denseBefore, layers) +
      at(this.expertsBefore, expertLayers) +
      (withOutside ? this.outside : 0)
    );
  }
}

function runningSums(values: readonly number[]): number[] {
  const sums = [0];
  for (const value of values) sums.push((sums.at(-1) ?? 0) + value);
  return sums;
}

function at(sums: readonly number[], index: number): number {
  return sums[Math.min(index, sums.length - 1)] ?? 0;
}

const known = new WeakMap<readonly WeighedTensor[], Map<number, WeightsRead>>();

/** What a batch of `tokens` reads: of experts those that it goes through, of the embeddings next to nothing. */
export function weightsRead(
  tensors: readonly WeighedTensor[],
  shape: ModelShape,
  tokens = 1,
): WeightsRead {
  const ofModel = getOrMake(known, tensors, () => new Map());
  return getOrMake(ofModel, tokens, () => new WeightsRead(tensors, shape, tokens));
}
