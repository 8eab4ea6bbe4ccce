/** Stretches of a cut dimension that are cut each for itself, and the steps that slices begin at. */
import type { Hyperparameters } from "../../gguf/hyperparameters.ts";
import { cellWidth, headSizesOf } from "../caches/cellWidth.ts";

export interface Segment {
  readonly elements: number;
  /** How often it comes, one behind the other. */
  readonly times: number;
  /** Slices begin at a multiple of it. */
  readonly step: number;
}

/** What is cut: a weight by its name in the layer, or a cache. */
export type CutName = string;

/** The names of caches, which no weight has. */
export const attentionCells = "cache_kv";
export const shiftedInputs = "cache_r";
export const rememberedState = "cache_s";

interface CutDimension {
  readonly name: CutName;
  readonly layer: number;
  /** Along the cut dimension. */
  readonly elements: number;
  /** Of the other one: how many rows a matrix has. */
  readonly rows: number;
  /** Elements of a block of the type that slices are aligned to. */
  readonly blockSize: number;
  readonly devices: number;
}

/** @returns null where llama.cpp gives up over the tensor (a failed assertion, or a division by 0). */
export function segmentsOf(model: Hyperparameters, cut: CutDimension): readonly Segment[] | null {
  const stretches = stretchesOf(model, cut);
  if (stretches === null) return null;
  const steps = stepsOf(model, cut, stretches.length);
  if (steps.length !== stretches.length) return null;
  const found = stretches.map(({ elements, times }, index) => ({
    elements,
    times,
    step: steps[index] ?? 0,
  }));
  return found.every(({ step }) => step > 0) ? found : null;
}

type Stretch = Omit<Segment, "step">;

const deltaNets: ReadonlySet<string> = new Set(["qwen3next", "qwen35", "qwen35moe", "qwen4exp"]);

const queriesKeysValues = /^attn_qkv\.(?:weight|bias)$/u;

/** `get_split_segments` of llama_meta_device_get_split_state, src/llama-model.cpp. */
function stretchesOf(model: Hyperparameters, cut: CutDimension): readonly Stretch[] | null {
  const { name, layer, elements } = cut;
  const halves = [{ elements: elements / 2, times: 2 }];
  if (deltaNets.has(model.architecture)) {
    if (/^ffn_gate_up(?:_exps)?\.weight$/u.test(name)) return halves;
    return deltaNetStretches(model, name) ?? [{ elements, times: 1 }];
  }
  if (queriesKeysValues.test(name)) {
    const keys = cellWidth(model, layer, "value");
    if (cellWidth(model, 0, "key") !== keys || elements !== model.embedding + 2 * keys) return null;
    return [
      { elements: model.embedding, times: 1 },
      { elements: keys, times: 2 },
    ];
  }
  // Gate and up in one tensor, as Phi 3 has them.
  const fused = /^ffn_up(?:_exps)?\.(?:weight|bias)$/u.test(name);
  if (fused && elements === 2 * (model.feedForward[layer] ?? 0)) return halves;
  if (/^ffn_gate_up(?:_exps)?\.weight$/u.test(name)) return halves;
  return [{ elements, times: 1 }];
}

/**
 * Heads of values follow those of keys: in Qwen 3 Next key by key, in Qwen 3.5 one round of keys after the other, which
 * takes stretches as long as the keys.
 */
function deltaNetStretches({ architecture, state }: Hyperparameters, name: CutName) {
  if (state?.kind !== "ssm") return null;
  const { convKernel, stateSize, groups: keyHeads, timeStepRank: valueHeads } = state;
  const keys = stateSize * keyHeads;
  const values = stateSize * valueHeads;
  const mixes = name === "attn_qkv.weight" || name === "ssm_conv1d.weight";
  const kept = Math.max(0, convKernel - 1);
  if (architecture === "qwen3next") {
    const both = (times: number) => [
      { elements: keys * times, times: 2 },
      { elements: values * times, times: 1 },
    ];
    if (mixes) return both(1);
    return name === shiftedInputs ? both(kept) : null;
  }
  const rounds = Math.floor(valueHeads / keyHeads);
  if (mixes) return [{ elements: keys, times: 2 + rounds }];
  if (name === "attn_gate.weight" || name === "ssm_out.weight")
    return [{ elements: keys, times: rounds }];
  if (perHead.test(name)) return [{ elements: keyHeads, times: rounds }];
  if (name === shiftedInputs) return [{ elements: keys * kept, times: 2 + rounds }];
  if (name === rememberedState)
    return [{ elements: keyHeads * stateSize * stateSize, times: rounds }];
  return null;
}

/** One value a head. */
const perHead = /^ssm_(?:dt\.bias|a|alpha\.weight|beta\.weight)$/u;

/** Slices of so many elements let kernels be fast. */
const fastBlock = 128;

/** `get_split_granularity` of llama_meta_device_get_split_state, src/llama-model.cpp; in the order of the stretches. */
function stepsOf(model: Hyperparameters, cut: CutDimension, stretches: number): readonly number[] {
  const own = model.recurrent[cut.layer] === true ? recurrentStep : attentionSteps;
  const found = own(model, cut);
  if (found !== null) return Array.isArray(found) ? found : Array<number>(stretches).fill(found);
  return [cut.name.startsWith("ffn_") ? commonMultiple(cut.blockSize, fastBlock) : 1];
}

function recurrentStep({ state }: Hyperparameters, { name, blockSize }: CutDimension) {
  const { stateSize = 0, convKernel = 0 } = state?.kind === "ssm" ? state : {};
  const mixed = commonMultiple(commonMultiple(blockSize, fastBlock), stateSize);
  if (/^(?:attn_qkv|attn_gate|ssm_conv1d|ssm_out)\.weight$/u.test(name)) return mixed;
  if (perHead.test(name)) return mixed / stateSize;
  if (name === "ssm_ba.weight") return 2 * (mixed / stateSize);
  if (name === shiftedInputs) return mixed * (convKernel - 1);
  return name === rememberedState ? mixed * stateSize : null;
}

function attentionSteps(
  model: Hyperparameters,
  { name, layer, rows, blockSize, devices }: CutDimension,
): number | number[] | null {
  const { heads, kvHeads, architecture, outputGroups } = model;
  const nHeads = heads[layer] ?? 0;
  const nKeys = kvHeads[layer] ?? 0;
  const perKey = nKeys === 0 ? 0 : Math.floor(nHeads / nKeys);
  const headSize = headSizesOf(model, layer).key;
  const queryWidth = perKey * headSize;
  // Of heads of 80 no whole number makes 128: the step grows as long as each device gets one.
  let block = blockSize;
  while (block < fastBlock && block * devices < queryWidth) block *= 2;
  const queries = commonMultiple(queryWidth, block);
  if (outputGroups !== null) {
    const inGroup = Math.floor(nHeads / outputGroups.count);
    if (name === "attn_sinks.weight") return inGroup;
    if (name === "attn_q_b.weight") return inGroup * headSize;
    if (name === "attn_output_a.weight") return 1;
    if (name === "attn_output_b.weight") return outputGroups.rank;
  }
  const oneAHead = queries / headSize;
  if (name === "attn_sinks.weight") return oneAHead;
  if (/^attn_q\.(?:weight|bias)$/u.test(name)) {
    // These gate what attention gives, and the gates lie beside the queries.
    return deltaNets.has(architecture) ? commonMultiple(2 * queryWidth, block) : queries;
  }
  if (name === "attn_output.weight") return queries;
  if (name === "attn_gate.weight") return rows === nHeads ? oneAHead : queries;
  const keys = queries / perKey;
  if (/^attn_[kv]\.(?:weight|bias)$/u.test(name) || name === attentionCells) return keys;
  return queriesKeysValues.test(name) ? [queries, keys] : null;
}

function commonMultiple(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : (a / greatestDivisor(a, b)) * b;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
