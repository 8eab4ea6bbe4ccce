/** What devices that compute every layer together take to add up their partial results, beyond llama.cpp's buffers. */
import type { Hyperparameters } from "../../gguf/hyperparameters.ts";
import { backendOf } from "../backendTraits.ts";
import type { MemoryDevice } from "../memoryDevice.ts";

/** GGML_CUDA_AR_COPY_MAX_BYTES, of two cards (ggml-cuda/allreduce.cu, v0.4.0). */
const cudaPairBytes = 32 * 2 ** 20;

/**
 * On each device, one buffer for each step of the reduction, as large as the largest partial result: of a mixture that of
 * all experts of a token, before they are summed (ggml_backend_meta_graph_compute, ggml-backend-meta.cpp, v0.4.0).
 */
export function reductionBytes(
  { embedding, expertsUsed }: Pick<Hyperparameters, "embedding" | "expertsUsed">,
  nTokens: number,
  devices: readonly MemoryDevice[],
): number {
  const steps = Math.ceil(Math.log2(devices.length));
  const partial = 4 * embedding * Math.max(1, expertsUsed) * nTokens;
  const pair = devices.length === 2 && devices.every(({ name }) => backendOf(name) === "cuda");
  return steps * partial + (pair ? cudaPairBytes : 0);
}
