/**
 * Which operations on weights in host memory a device takes over, copying the weights
 * (offload_op of the backends, ggml/src/ggml-*, v0.4.0).
 */
import type { GraphTensor } from "./graphTensor.ts";

/** GGML_OP_OFFLOAD_MIN_BATCH's default. */
const fewestRows = 32;

/** CUDA and Vulkan. */
export function offloadsBatches({ op, ne }: GraphTensor): boolean {
  if (op === "get_rows") return false;
  if (op === "mul_mat") return (ne[1] ?? 1) >= fewestRows;
  if (op === "rope" || op === "mul_mat_id") return (ne[2] ?? 1) >= fewestRows;
  return ne.slice(1).reduce((rows, n) => rows * n, 1) >= fewestRows;
}

/** ggml_backend_metal_device_offload_op, which is asked about what Accelerate leaves. */
export function offloadsForMetal(tensor: GraphTensor): boolean {
  const { op } = tensor;
  if (op !== "mul_mat_id" && (op !== "mul_mat" || accelerates(tensor))) return false;
  return offloadsBatches(tensor);
}

/** ggml_backend_blas_device_supports_op, ggml-blas/ggml-blas.cpp. */
function accelerates({ ne: [outputs = 1, tokens = 1], sources: [matrix] }: GraphTensor): boolean {
  return Math.min(outputs, tokens, matrix?.ne[0] ?? 1) >= 32;
}
