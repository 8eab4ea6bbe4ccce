/** Layers of a model that tensors placed by name keep in host memory, as far as the names that llama.cpp gives tensors tell. */
import { getOrMake } from "../base/getOrMake.ts";
import { overrideOf, readTensorOverrides, type TensorOverride } from "./tensorOverrides.ts";

/**
 * Tensors that a layer may have, of those that its work is spent on (LLM_TENSOR_NAMES, src/llama-arch.cpp, llama.cpp
 * v0.4.0). A model that has none of a name isn't known here, but for experts.
 */
const everyLayer = [
  "attn_norm attn_q attn_k attn_v attn_qkv attn_output attn_gate attn_q_a attn_q_b",
  "attn_kv_a_mqa attn_kv_b attn_k_b attn_v_b ffn_norm ffn_gate ffn_up ffn_down",
  "ssm_in ssm_x ssm_out shortconv.in_proj shortconv.out_proj time_mix_key",
  "time_mix_value time_mix_output channel_mix_key channel_mix_value",
].flatMap((names) => names.split(" "));
const expertLayer = [
  "ffn_gate_inp ffn_gate_exps ffn_up_exps ffn_down_exps ffn_gate_up_exps",
  "ffn_gate_shexp ffn_up_shexp ffn_down_shexp",
].flatMap((names) => names.split(" "));

/** Of a model whose layers aren't counted: patterns that name some name low ones, or many. */
const assumedLayers = 128;

/** Architectures whose models have no experts, but for those whose size says so (`llama 8x7B`). */
const denseArchitectures = new Set(
  [
    "llama llama-embed mistral3 qwen qwen2 qwen3 qwen35 qwen3vl gemma gemma2 gemma3",
    "gemma3n phi2 phi3 granite cohere2 command-r glm4 chatglm exaone exaone4 falcon",
    "starcoder starcoder2 stablelm baichuan internlm2 olmo olmo2 smollm3 seed_oss",
    "apertus nemotron",
  ].flatMap((names) => names.split(" ")),
);

function mayHaveExperts(type: string | null): boolean {
  const [architecture = "", size = ""] = (type ?? "").toLowerCase().split(" ");
  return !denseArchitectures.has(architecture) || /x/.test(size);
}

export interface OverriddenModel {
  /** llama.cpp's description, `qwen3moe 30B.A3B Q4_K - Medium`; null where it isn't known. */
  readonly type: string | null;
  /** Null where it isn't known. */
  readonly nLayers: number | null;
}

/** What the host holds of layers that would be on the device. */
export interface HeldOnHost {
  /** Layers of which it holds a tensor, of as many as are known or assumed. */
  readonly layers: number;
  readonly output: boolean;
}

const known = new Map<string, HeldOnHost>();

/** @param overrides `pattern=buffer`, joined with `;` */
export function heldOnHost(overrides: string, model: OverriddenModel): HeldOnHost {
  const { nLayers, type } = model;
  return getOrMake(known, `${overrides}\n${nLayers}\n${type}`, () =>
    held(overrides, nLayers ?? assumedLayers, mayHaveExperts(type)),
  );
}

function held(text: string, nLayers: number, hasExperts: boolean): HeldOnHost {
  const overrides = isSafe(text) ? readTensorOverrides(text) : undefined;
  // What can't be read as patterns is taken at its word: a tensor on the CPU is one of every layer.
  if (overrides === undefined) {
    const layers = /=\s*CPU/i.test(text) ? nLayers : 0;
    return { layers, output: false };
  }
  const names = hasExperts ? [...everyLayer, ...expertLayer] : everyLayer;
  const layers = Array.from({ length: nLayers }, (_, layer) => `blk.${layer}`).filter((layer) =>
    names.some((name) => isOnHost(`${layer}.${name}.weight`, overrides)),
  );
  return { layers: layers.length, output: isOnHost("output.weight", overrides) };
}

function isOnHost(tensor: string, overrides: readonly TensorOverride[]): boolean {
  return isHostBuffer(overrideOf(tensor, overrides)?.buffer ?? "");
}

/** `CPU`, `CPU_REPACK`, `CUDA_Host`: names of ggml's buffer types (`ggml_backend_buft_name`). */
function isHostBuffer(name: string): boolean {
  return /^CPU|^AMX$|_Host$/i.test(name);
}

/** A repeated group that repeats within itself takes a matcher exponential time, and text of others is no reason to. */
function isSafe(text: string): boolean {
  return text.length <= 10_000 && !/[+*}]\)+[+*{]/.test(text);
}
