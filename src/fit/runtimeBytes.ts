/** Device memory that a backend takes beyond llama.cpp's buffers, as late as at the first prompt. */
import { ggmlTypes, type GgmlTypeName } from "../gguf/ggmlTypes.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import type { KvCacheType } from "../bench/settings.ts";
import type { DeviceBackend } from "./backendTraits.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";

/** Of Hopper and later; 4 MiB before (cublas_handle, ggml/src/ggml-cuda/common.cuh, v0.4.0). */
const cublasWorkspaceBytes = 32 * 2 ** 20;

/** What a device does with a batch. */
export interface DeviceWork {
  readonly nTokens: number;
  readonly holdsOutput: boolean;
  /** The largest cache that it attends to without flash attention; null where there is none. */
  readonly cache: PlainCache | null;
}

export interface PlainCache {
  readonly cells: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
}

/**
 * CUDA's pool holds the operands of a product converted for its kernel, and the result before it is converted back. It
 * grows to what the most demanding product takes.
 */
export function runtimeBytes(
  backend: DeviceBackend,
  model: MemoryModel,
  { nTokens, holdsOutput, cache }: DeviceWork,
): number {
  if (backend !== "cuda") return 0;
  const { layers, output } = poolBytesPerToken(model);
  const attention = cache === null ? 0 : attentionBytes(model.shape, nTokens, cache);
  const products = nTokens * Math.max(layers, holdsOutput ? output : 0);
  return cublasWorkspaceBytes + Math.max(products, attention);
}

/** Products of fewer tokens have kernels that convert nothing (ggml_cuda_should_use_mmf, ggml-cuda/mmf.cu). */
const mostUnconverted = 16;

/** Of K·Q, which asks for F32 precision, and of V·KQ (build_attn_mha, src/llama-graph.cpp). */
function attentionBytes(
  { n_heads, n_kv_heads, head_size }: ModelShape,
  nTokens: number,
  { cells, typeK, typeV }: PlainCache,
): number {
  if (nTokens <= mostUnconverted) return 0;
  const queries = nTokens * n_heads;
  const scores =
    ggmlTypes[typeK].blockSize > 1
      ? queries * quantizedRowBytes(alignTo(head_size, 512))
      : typeK === "f32"
        ? 0
        : 4 * cells * n_kv_heads * head_size;
  return Math.max(scores, queries * floatProductBytes(typeV, cells, head_size));
}

interface PoolBytes {
  readonly layers: number;
  readonly output: number;
}

const perToken = new WeakMap<MemoryModel, PoolBytes>();

function poolBytesPerToken(model: MemoryModel): PoolBytes {
  const known = perToken.get(model);
  if (known !== undefined) return known;
  const outputName = model.shape.tied_embeddings ? "token_embd.weight" : "output.weight";
  const bytes = {
    layers: largestConversion(model.tensors.filter(({ layer }) => layer >= 0)),
    output: largestConversion(model.tensors.filter(({ name }) => name === outputName)),
  };
  perToken.set(model, bytes);
  return bytes;
}

function largestConversion(tensors: readonly FileTensor[]): number {
  return Math.max(0, ...tensors.filter(({ dims }) => dims.length > 1).map(conversionBytes));
}

function conversionBytes({ type, dims: [inputs = 0, outputs = 0] }: FileTensor): number {
  return ggmlTypes[type].blockSize > 1
    ? quantizedRowBytes(inputs)
    : floatProductBytes(type, inputs, outputs);
}

/** A column as ggml_cuda_mul_mat_q takes it: blocks of 32 in 36 bytes. */
function quantizedRowBytes(inputs: number): number {
  return (inputs / 32) * 36;
}

/** A column of F32 as ggml_cuda_mul_mat_cublas_impl takes it; of F16 the result too, which is F32 at once for the others. */
function floatProductBytes(type: GgmlTypeName, inputs: number, outputs: number): number {
  if (type === "f16") return 2 * (inputs + outputs);
  return type === "bf16" ? 2 * inputs : 0;
}
