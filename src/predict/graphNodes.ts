/**
 * How many operations a token goes through beside what it reads: nodes of llama.cpp's graph for one token, which its
 * context logs ("graph nodes"). Each is a kernel to launch and to wait for, or a step of one. The counts per tensor and
 * per kind of layer are read off v0.4.0's graphs of the catalogue's models and hold within a sixth for each of them.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { isOfExperts, layerOf } from "../gguf/tensorTable.ts";
import type { ReadModel } from "./readModel.ts";

/** A norm computes and is multiplied; a matrix is multiplied, a bias added. */
const perNorm = 2;
const perTensor = 1;

/** What each part leaves is added to the residual stream. */
const perResidual = 1;

/** Rope, cells written and read, scores, values, and the views between them. */
const attention = 17;
/** Latent attention splits, turns, joins and compresses besides. */
const latent = 25;
/** Scores by which cells are chosen. */
const indexer = 20;
/** DeepSeek-V4's compressors, windows, and residual streams that are mixed anew twice a layer. */
const compressed = 90;
/** Convolution, gates, decays and the state's update. */
const deltaNet = 43;
const mamba2 = 39;
const shortConvolution = 20;

/** Of a dense part, its activation. */
const dense = 1;
/** Router, choice and weighing; each chosen expert's part is taken out and added. */
const mixture = 12;
const perExpert = 2;
const sharedExperts = 2;

const known = new WeakMap<ReadModel, readonly number[]>();

/** By layer. */
export function graphNodesOf(model: ReadModel): readonly number[] {
  return getOrMake(known, model, () => countNodes(model));
}

function countNodes({ tensors, caches, parameters }: ReadModel): number[] {
  const recurrent = new Set(caches.state.map(({ layer }) => layer));
  const attending = new Set(
    caches.attention.flatMap(({ layers }) => layers.map((one) => one.layer)),
  );
  const names = new Map<number, string[]>();
  for (const { name } of tensors) {
    const layer = layerOf(name);
    if (layer !== -1) getOrMake(names, layer, () => []).push(name);
  }
  const used = parameters.experts?.used ?? 0;
  return [...names].map(([layer, own]) => {
    const mixes = recurrent.has(layer) || attending.has(layer) || has(own, ".attn_q");
    const feeds = own.some((name) => /\.(?:ffn_down|channel_mix)/.test(name));
    return (
      sumOf(own, (name) => (name.includes("norm.weight") ? perNorm : perTensor)) +
      (recurrent.has(layer) ? ofRecurrence(own) : 0) +
      (attending.has(layer) || (!recurrent.has(layer) && has(own, ".attn_q"))
        ? ofAttention(own)
        : 0) +
      (feeds ? ofFeedForward(own, used) : 0) +
      perResidual * (Number(mixes) + Number(feeds))
    );
  });
}

function has(names: readonly string[], part: string): boolean {
  return names.some((name) => name.includes(part));
}

function ofRecurrence(names: readonly string[]): number {
  if (has(names, ".shortconv.")) return shortConvolution;
  return has(names, ".ssm_in") ? mamba2 : deltaNet;
}

function ofAttention(names: readonly string[]): number {
  if (has(names, ".hc_attn")) return compressed;
  const own = has(names, ".attn_kv_a_mqa") ? latent : attention;
  return own + (has(names, ".indexer.") ? indexer : 0);
}

function ofFeedForward(names: readonly string[], used: number): number {
  if (!names.some(isOfExperts)) return dense;
  return mixture + perExpert * used + (has(names, "_shexp") ? sharedExperts : 0);
}
