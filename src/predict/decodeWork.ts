/**
 * What one token of decode reads and launches: all weights but the embeddings' other rows and the experts it doesn't go
 * through, the KV cache so far, and the state of recurrent layers, which it writes again.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { cacheKinds } from "../fit/caches/cacheKinds.ts";
import type { AttentionCache, AttentionLayer, CellRule } from "../fit/caches/cachePlan.ts";
import { bytesOf, isGgmlTypeName } from "../gguf/ggmlTypes.ts";
import { layerCosts, type Layers } from "./layerCosts.ts";
import { workOfModel, type ReadModel } from "./readModel.ts";
import type { ByType } from "./typeRates.ts";
import { weightsRead } from "./weightsRead.ts";
import { sumByType, workByType } from "./workByType.ts";

/** `layerCost`: what its layers cost beside their bytes, in layers of a dense transformer; `nLayers` where not said. */
export interface DecodeWork extends Layers {
  /** Per token, recurrent state included. */
  readonly weightsBytesRead: number;
  /** Per token, at the context that is asked about. */
  readonly kvBytesRead: number;
  /** Of both, what lies in host memory beside a GPU. */
  readonly hostBytes?: number;
  /** How often a token goes from the device to the host and back: once for layers, for experts in each of their layers. */
  readonly hostTurns?: number;
  /** Layers with several residual streams beside each other. */
  readonly mixedStreams?: number;
  /** True where not said: llama.cpp's `auto` takes it wherever it can. */
  readonly flashAttention?: boolean;
  /** `q4_k_m`; null or left out where it isn't known. */
  readonly quantization?: string | null;
  /** What can't be left out: weights, state, and of the KV cache the cells that no mask hides; where the types of all tensors are known. */
  readonly bytesByType?: ByType;
}

/** Where a question puts a model's layers, and what it asks of them. */
export interface DecodeQuestion extends KvSettings {
  readonly model: ReadModel;
  readonly quantization: string | null;
  /** As llama.cpp counts: the last so many, all and one more takes the output layer too. */
  readonly nGpuLayers: number;
  /** Of the first so many layers the experts are in host memory. */
  readonly nCpuMoe?: number;
  readonly flashAttention: boolean;
}

/** Without a GPU nothing lies beside one: the CPU is the device. */
export function decodeWorkOf(question: DecodeQuestion, onCpu: boolean): DecodeWork {
  const { model, quantization, flashAttention } = question;
  const settings = { ...question, nGen: Math.max(1, question.nGen) };
  const first = onCpu ? 0 : hostLayers(question);
  const state = stateRead(model);
  const hostState = stateRead(model, first);
  return {
    nLayers: workOfModel(model).layers.length,
    width: workOfModel(model).width,
    layerCost: layerCosts(model).all,
    weightsBytesRead: weightsRead(model).total + state,
    kvBytesRead: kvRead(model, settings),
    hostBytes: onCpu ? 0 : hostWeightsBytes(question) + kvRead(model, settings, first) + hostState,
    hostTurns: onCpu ? 0 : hostTurns(question),
    mixedStreams: mixedStreams(model),
    flashAttention,
    quantization,
    ...bytesByType(model, settings),
  };
}

const streams = new WeakMap<ReadModel, { readonly layers: number }>();

function mixedStreams(model: ReadModel): number {
  return getOrMake(streams, model, () => ({
    layers: model.tensors.filter(({ name }) => name.endsWith(".hc_attn_fn.weight")).length,
  })).layers;
}

function bytesByType(model: ReadModel, settings: KvSettings): Pick<DecodeWork, "bytesByType"> {
  const work = workByType(model);
  if (work === null) return {};
  const seen = ({ cells }: AttentionCache) => cellsSeen(cells, settings.nGen, settings.nDepth);
  const { keys, values } = kvParts(model, settings, seen);
  return {
    bytesByType: sumByType([
      ...work.bytes,
      [settings.typeK, keys],
      [settings.typeV, values],
      ["f32", stateRead(model)],
    ]),
  };
}

type Placed = Pick<DecodeQuestion, "model" | "nGpuLayers" | "nCpuMoe">;

/** Layers before the first on a device. */
function hostLayers({ model, nGpuLayers }: Placed): number {
  const layers = workOfModel(model).layers.length;
  return Math.min(layers, Math.max(0, model.placedLayers - Math.max(0, nGpuLayers - 1)));
}

/** Of the layers before the first on a device, and of experts kept there; the output layer goes to the device first. */
export function hostWeightsBytes(question: Placed, tokens = 1): number {
  const { model, nGpuLayers, nCpuMoe = 0 } = question;
  const first = hostLayers(question);
  return weightsRead(model, tokens).ofFirst(first, Math.max(first, nCpuMoe), nGpuLayers === 0);
}

function hostTurns(question: Placed): number {
  const { model, nGpuLayers, nCpuMoe = 0 } = question;
  // All of it is on the host, and nothing turns.
  if (nGpuLayers === 0) return 0;
  const first = hostLayers(question);
  const { layers } = workOfModel(model);
  const mixtures = layers.slice(first, nCpuMoe).filter(({ expertBytes }) => expertBytes > 0);
  return Number(first > 0) + mixtures.length;
}

/** llama.cpp attends over whole blocks of so many cells (get_n_kv, src/llama-kv-cache.cpp, v0.4.0). */
const cellBlock = 256;

export interface KvSettings {
  readonly typeK: string;
  readonly typeV: string;
  readonly nGen: number;
  readonly nDepth: number;
  readonly nUbatch: number;
}

/** Bytes of keys and values that a token reads on average, of the layers before `end` together. */
export function kvRead(model: ReadModel, settings: KvSettings, end?: number): number {
  const { nGen, nDepth, nUbatch } = settings;
  const read = ({ cells }: AttentionCache) =>
    cellsRead(cells, nUbatch, (most) => meanCellsRead(nGen, nDepth, most));
  const { keys, values } = kvParts(model, settings, read, end);
  return keys + values;
}

function kvParts(
  model: ReadModel,
  { typeK, typeV }: KvSettings,
  cellsOf: (layers: AttentionCache) => number,
  end = workOfModel(model).layers.length,
): { readonly keys: number; readonly values: number } {
  const bytes = (type: string, width: (layer: AttentionLayer) => number) =>
    sumOf(
      cacheKinds(model.caches).attention,
      (kind) => cellsOf(kind.cache) * (kind.between(0, end) * widthBytes(type, width(kind.layer))),
    );
  return { keys: bytes(typeK, ({ key }) => key), values: bytes(typeV, ({ value }) => value) };
}

function widthBytes(type: string, width: number): number {
  return isGgmlTypeName(type) && width > 0 ? bytesOf(type, [width]) : 0;
}

/** Of a cache, those that are looked over: of the context's, of the window's, or of those that stand for many. */
export function cellsRead(
  rule: CellRule,
  nUbatch: number,
  ofContext: (most: number) => number,
): number {
  switch (rule.kind) {
    case "context":
      return ofContext(Infinity);
    case "window":
      return ofContext(windowCells(rule.tokens, nUbatch));
    case "compressed":
      return ofContext(Infinity) / rule.tokens;
    default:
      return rule satisfies never;
  }
}

/** Of a cache, those that each of so many tokens after `nDepth` sees on average: what came before it, and itself. */
export function cellsSeen(rule: CellRule, nTokens: number, nDepth: number): number {
  switch (rule.kind) {
    case "context":
      return meanCellsSeen(nTokens, nDepth);
    case "window":
      return meanCellsSeen(nTokens, nDepth, rule.tokens);
    case "compressed":
      return meanCellsSeen(nTokens, nDepth) / rule.tokens;
    default:
      return rule satisfies never;
  }
}

function meanCellsSeen(nTokens: number, nDepth: number, most = Infinity): number {
  if (nTokens === 0) return 0;
  const growing = Math.min(nTokens, Math.max(0, most - nDepth));
  const rest = nTokens - growing;
  const all = growing * nDepth + (growing * (growing + 1)) / 2 + (rest === 0 ? 0 : rest * most);
  return all / nTokens;
}

/** Cells of a cache that keeps the window and a batch (llama_kv_cache_iswa, v0.4.0). */
function windowCells(tokens: number, nUbatch: number): number {
  return Math.ceil((tokens + nUbatch) / cellBlock) * cellBlock;
}

const floatBytes = 4;

/** Bytes of recurrent state that a token reads and writes, of the layers before `end` together. */
function stateRead({ caches }: ReadModel, end = Infinity): number {
  return sumOf(
    cacheKinds(caches).state,
    (kind) =>
      2 * floatBytes * kind.between(0, end) * sumOf(kind.layer.tensors, (elements) => elements),
  );
}

/** Cells of the KV cache, of `most`, that a token reads on average over `nGen` tokens after `nDepth`. */
export function meanCellsRead(nGen: number, nDepth: number, most = Infinity): number {
  const end = nDepth + nGen;
  let cells = 0;
  for (let start = nDepth; start < end;) {
    const block = (Math.floor(start / cellBlock) + 1) * cellBlock;
    const next = Math.min(block, end);
    cells += (next - start) * Math.min(most, block);
    start = next;
  }
  return nGen === 0 ? 0 : cells / nGen;
}
