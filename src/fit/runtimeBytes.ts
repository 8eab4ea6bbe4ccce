/** Device memory that a backend takes beyond llama.cpp's buffers, as late as at the first prompt. */
import { ggmlTypes } from "../gguf/ggmlTypes.ts";
import type { BackendName } from "./backendTraits.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";

/** Of Hopper and later; 4 MiB before (cublas_handle, ggml/src/ggml-cuda/common.cuh, v0.4.0). */
const cublasWorkspaceBytes = 32 * 2 ** 20;

/** CUDA's pool holds the operands of a product converted for its kernel, and the result before it is converted back. */
export function runtimeBytes(
  backend: BackendName,
  model: MemoryModel,
  nTokens: number,
  holdsOutput: boolean,
): number {
  if (backend !== "cuda") return 0;
  const { layers, output } = poolBytesPerToken(model);
  return cublasWorkspaceBytes + nTokens * Math.max(layers, holdsOutput ? output : 0);
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

/** ggml_cuda_mul_mat_cublas_impl for floats, ggml_cuda_mul_mat_q (blocks of 32 in 36 bytes) for the rest. */
function conversionBytes({ type, dims: [inputs = 0, outputs = 0] }: FileTensor): number {
  if (type === "f16") return 2 * (inputs + outputs);
  if (type === "bf16") return 2 * inputs;
  return ggmlTypes[type].blockSize > 1 ? (inputs / 32) * 36 : 0;
}
