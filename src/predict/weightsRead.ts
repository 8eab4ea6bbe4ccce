/** Bytes of weights that a batch reads, in all and by layer: asked of one model for many machines. */
import { getOrMake } from "../base/getOrMake.ts";
import { shareOfExperts, workOfModel, type ReadModel } from "./readModel.ts";

export class WeightsRead {
  readonly total: number;
  /** What belongs to no layer: the output, and embeddings that are the output too. */
  private readonly outside: number;
  /** Of the layers before each. */
  private readonly denseBefore: readonly number[];
  private readonly expertsBefore: readonly number[];

  constructor(model: ReadModel, tokens: number) {
    const { layers, outside } = workOfModel(model);
    const share = shareOfExperts(model, tokens);
    this.outside = outside.denseBytes + outside.expertBytes;
    this.denseBefore = runningSums(layers.map(({ denseBytes }) => denseBytes));
    this.expertsBefore = runningSums(layers.map(({ expertBytes }) => expertBytes * share));
    this.total = this.outside + (this.denseBefore.at(-1) ?? 0) + (this.expertsBefore.at(-1) ?? 0);
  }

  /** Of all layers, without the output. */
  get ofLayers(): number {
    return this.total - this.outside;
  }

  ofLayer(layer: number): number {
    return this.ofFirst(layer + 1, layer + 1, false) - this.ofFirst(layer, layer, false);
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

const known = new WeakMap<ReadModel, Map<number, WeightsRead>>();

/** What a batch of `tokens` reads: of experts those that it goes through, of the embeddings next to nothing. */
export function weightsRead(model: ReadModel, tokens = 1): WeightsRead {
  const ofModel = getOrMake(known, model, () => new Map());
  return getOrMake(ofModel, tokens, () => new WeightsRead(model, tokens));
}
