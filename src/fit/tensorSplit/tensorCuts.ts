/** A model's weights and caches, cut for the devices that compute every layer together (`--split-mode tensor`). */
import { getOrMake } from "../../base/getOrMake.ts";
import { bytesOf, ggmlTypes, type GgmlTypeName } from "../../gguf/ggmlTypes.ts";
import type { Hyperparameters } from "../../gguf/hyperparameters.ts";
import { alignTo } from "../../gguf/tensorTable.ts";
import type { AttentionLayer, CachePlan, StateLayer } from "../caches/cachePlan.ts";
import type { FileTensor, MemoryModel } from "../memoryModel.ts";
import type { MemorySettings } from "../memorySettings.ts";
import type { Padding } from "../weightGroups.ts";
import { cutRule } from "./cutRules.ts";
import { cutShares } from "./cutShares.ts";
import {
  attentionCells,
  rememberedState,
  segmentsOf,
  shiftedInputs,
  type CutName,
} from "./segments.ts";

/** Elements along the cut dimension, by device; null where each device has all of it. */
type Shares = readonly number[] | null;

/** llama.cpp would give up over a tensor that is to be cut: an assertion of its own fails. */
export class UncutTensor extends Error {
  override readonly name = "UncutTensor";

  constructor(tensor: string) {
    super(`llama.cpp can't cut ${tensor}`);
  }
}

const known = new WeakMap<MemoryModel, Map<string, TensorCuts>>();

/** @param devices how many compute together */
export function tensorCuts(
  model: MemoryModel,
  { tensorSplit }: Pick<MemorySettings, "tensorSplit">,
  devices: number,
): TensorCuts {
  const proportions = Array.from({ length: devices }, (_, device) => tensorSplit[device] ?? 0);
  const ofModel = getOrMake(known, model, () => new Map<string, TensorCuts>());
  return getOrMake(ofModel, proportions.join(), () => new TensorCuts(model, proportions));
}

export class TensorCuts {
  private readonly model: Hyperparameters;
  private readonly proportions: readonly number[];
  private readonly types: ReadonlyMap<string, GgmlTypeName>;
  private readonly rotations = new Map<number, number>();
  private readonly ofWeights = new Map<FileTensor, Cut | null>();

  /** @param proportions by device; all 0 for equal parts, whatever the devices hold */
  constructor({ parameters, tensors }: MemoryModel, proportions: readonly number[]) {
    this.model = parameters;
    this.proportions = proportions;
    this.types = new Map(tensors.map(({ name, type }) => [name, type]));
  }

  /** What a device keeps of a weight, padding included. @throws UncutTensor */
  weightBytes(tensor: FileTensor, device: number, { alignment, rowPadding }: Padding): number {
    const cut = getOrMake(this.ofWeights, tensor, () => this.cutOf(tensor));
    const dims = cut === null ? tensor.dims : slice(tensor.dims, cut, device);
    if (dims.includes(0)) return 0;
    const [row = 0] = dims;
    const quantized = ggmlTypes[tensor.type].blockSize > 1;
    const short = quantized ? alignTo(row, rowPadding) - row : 0;
    return alignTo(bytesOf(tensor.type, dims) + bytesOf(tensor.type, [short]), alignment);
  }

  /** The caches that a device keeps, of all layers. @throws UncutTensor */
  cachesOf({ attention, state }: CachePlan, device: number): CachePlan {
    return {
      attention: attention.map((cache) => ({
        ...cache,
        layers: cache.layers.map((layer) => this.attentionOf(layer, device)),
      })),
      state: state.map((layer) => this.stateOf(layer, device)),
    };
  }

  /** @throws UncutTensor for the first that llama.cpp would give up over */
  checkAll({ tensors, caches }: Pick<MemoryModel, "tensors" | "caches">): void {
    for (const tensor of tensors) getOrMake(this.ofWeights, tensor, () => this.cutOf(tensor));
    this.cachesOf(caches, 0);
  }

  private cutOf({ name, dims, layer }: FileTensor): Cut | null {
    const inLayer = layer < 0 ? name : name.replace(/^blk\.\d+\./u, "");
    const rule = cutRule(inLayer, dims, this.model.outputGroups !== null);
    if (rule.kind === "whole") return null;
    const { axis, alignedTo } = rule;
    const elements = dims[axis] ?? 1;
    const type =
      alignedTo.length === 0 ? this.types.get(name) : this.typeOf(name, layer, alignedTo);
    const shares = this.shares(inLayer, layer, { elements, rows: dims[1] ?? 1, type });
    // A slice of nothing keeps the strides of the whole, and is written beyond its end.
    if (blocksAlong(dims, axis, this.types.get(name)) === 1 && shares.includes(0))
      throw new UncutTensor(name);
    return { axis, shares };
  }

  /** Of the first of a layer's tensors that is there. */
  private typeOf(cut: string, layer: number, names: readonly string[]): GgmlTypeName {
    for (const name of names) {
      const type = this.types.get(`blk.${layer}.${name}`);
      if (type !== undefined) return type;
    }
    throw new UncutTensor(cut);
  }

  private attentionOf(layer: AttentionLayer, device: number): AttentionLayer {
    // DeepSeek-V4's caches stand whole on each device.
    if (this.model.outputGroups !== null) return layer;
    const part = (elements: number) =>
      elements === 0 ? 0 : this.cacheShare(attentionCells, layer.layer, elements, device);
    return { ...layer, key: part(layer.key), value: part(layer.value) };
  }

  private stateOf(layer: StateLayer, device: number): StateLayer {
    const { state, outputGroups } = this.model;
    if (outputGroups !== null || state?.kind === "shortconv") return layer;
    const [shifted = 0, remembered = 0, ...history] = layer.tensors;
    const part = (name: CutName, elements: number) =>
      elements === 0 ? 0 : this.cacheShare(name, layer.layer, elements, device);
    return {
      ...layer,
      // An n-gram history stands whole: each device computes all of it.
      tensors: [part(shiftedInputs, shifted), part(rememberedState, remembered), ...history],
    };
  }

  private cacheShare(name: CutName, layer: number, elements: number, device: number): number {
    const reference = name === attentionCells ? "attn_output.weight" : "ssm_out.weight";
    const type = this.typeOf(`the cache of layer ${layer}`, layer, [reference]);
    return this.shares(name, layer, { elements, rows: 1, type })?.[device] ?? 0;
  }

  private shares(
    name: CutName,
    layer: number,
    { elements, rows, type = "f32" }: CutSize,
  ): readonly number[] {
    const devices = this.proportions.length;
    const { blockSize } = ggmlTypes[type];
    const of = { name, layer: Math.max(0, layer), elements, rows, blockSize, devices };
    const segments = segmentsOf(this.model, of);
    if (segments === null) throw new UncutTensor(layer < 0 ? name : `blk.${layer}.${name}`);
    return cutShares(segments, this.proportions, this.rotationOf(layer));
  }

  /** Layers of one kind take turns: what doesn't come out even goes to another device in each. */
  private rotationOf(layer: number): number {
    const { trunkLayers, recurrent, windowed } = this.model;
    if (layer < 0) return trunkLayers % this.proportions.length;
    return getOrMake(this.rotations, layer, () => {
      let alike = 0;
      for (let before = 0; before < layer; before++) {
        const same = recurrent[before] === recurrent[layer] && windowed[before] === windowed[layer];
        if (same) alike += 1;
      }
      return alike % this.proportions.length;
    });
  }
}

interface Cut {
  readonly axis: number;
  readonly shares: NonNullable<Shares>;
}

interface CutSize {
  readonly elements: number;
  readonly rows: number;
  readonly type: GgmlTypeName | undefined;
}

function blocksAlong(dims: readonly number[], axis: number, type: GgmlTypeName = "f32"): number {
  return (dims[axis] ?? 1) / (axis === 0 ? ggmlTypes[type].blockSize : 1);
}

function slice(dims: readonly number[], { axis, shares }: Cut, device: number): number[] {
  return dims.map((elements, dim) => (dim === axis ? (shares[device] ?? 0) : elements));
}
