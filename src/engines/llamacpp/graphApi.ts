/**
 * The part of ggml's C API that tensors and graphs are made and computed with (ggml/include/ggml.h, ggml-alloc.h and
 * ggml-backend.h, v0.4.0), opaque pointers as `void *`.
 */
import type { LibraryHandle } from "koffi";
import { bind } from "./bind.ts";
// Declares the struct that a prototype names.
import type { InitParams, Pointer } from "./structs.ts";
import "./structs.ts";

export function bindGraphs(base: LibraryHandle) {
  return { ...bindTensors(base), ...bindBuffers(base), ...bindComputation(base) };
}

function bindTensors(base: LibraryHandle) {
  type Operation = (context: Pointer, a: Pointer, b: Pointer) => Pointer;
  return {
    graphContext: bind<(params: InitParams) => Pointer | null>(
      base,
      "void *ggml_init(ggml_init_params params)",
    ),
    graphContextFree: bind<(context: Pointer) => void>(base, "void ggml_free(void *ctx)"),
    tensorOverhead: bind<() => number>(base, "size_t ggml_tensor_overhead()"),
    newMatrix: bind<(context: Pointer, type: number, columns: number, rows: number) => Pointer>(
      base,
      "void *ggml_new_tensor_2d(void *ctx, int type, int64_t ne0, int64_t ne1)",
    ),
    multiply: bind<Operation>(base, "void *ggml_mul_mat(void *ctx, void *a, void *b)"),
    copyInto: bind<Operation>(base, "void *ggml_cpy(void *ctx, void *a, void *b)"),
    tensorBytes: bind<(tensor: Pointer) => number>(base, "size_t ggml_nbytes(void *tensor)"),
    graphOverhead: bind<(nodes: number, gradients: boolean) => number>(
      base,
      "size_t ggml_graph_overhead_custom(size_t size, bool grads)",
    ),
    newGraph: bind<(context: Pointer, nodes: number, gradients: boolean) => Pointer>(
      base,
      "void *ggml_new_graph_custom(void *ctx, size_t size, bool grads)",
    ),
    expandGraph: bind<(graph: Pointer, tensor: Pointer) => void>(
      base,
      "void ggml_build_forward_expand(void *graph, void *tensor)",
    ),
  };
}

function bindBuffers(base: LibraryHandle) {
  return {
    /** Null where the memory isn't there. */
    allocateTensors: bind<(context: Pointer, bufferType: Pointer) => Pointer | null>(
      base,
      "void *ggml_backend_alloc_ctx_tensors_from_buft(void *ctx, void *buft)",
    ),
    allocateBuffer: bind<(bufferType: Pointer, bytes: number) => Pointer | null>(
      base,
      "void *ggml_backend_buft_alloc_buffer(void *buft, size_t size)",
    ),
    bufferFree: bind<(buffer: Pointer) => void>(
      base,
      "void ggml_backend_buffer_free(void *buffer)",
    ),
    bufferBytes: bind<(buffer: Pointer) => number>(
      base,
      "size_t ggml_backend_buffer_get_size(void *buffer)",
    ),
    /** Whether its tensors lie in host memory as a file has them: not of a layout of the CPU's own. */
    bufferTypeIsHost: bind<(type: Pointer) => boolean>(
      base,
      "bool ggml_backend_buft_is_host(void *buft)",
    ),
    /** Null of a buffer whose tensors lie in several. */
    bufferBase: bind<(buffer: Pointer) => Pointer | null>(
      base,
      "void *ggml_backend_buffer_get_base(void *buffer)",
    ),
    bufferUsage: bind<(buffer: Pointer, usage: number) => void>(
      base,
      "void ggml_backend_buffer_set_usage(void *buffer, int usage)",
    ),
    tensorSet: bind<(tensor: Pointer, data: Uint8Array, offset: number, bytes: number) => void>(
      base,
      "void ggml_backend_tensor_set(void *tensor, uint8_t *data, size_t offset, size_t size)",
    ),
    tensorGet: bind<(tensor: Pointer, data: Uint8Array, offset: number, bytes: number) => void>(
      base,
      "void ggml_backend_tensor_get(void *tensor, uint8_t *data, size_t offset, size_t size)",
    ),
  };
}

function bindComputation(base: LibraryHandle) {
  return {
    backendInit: bind<(device: Pointer, params: null) => Pointer | null>(
      base,
      "void *ggml_backend_dev_init(void *device, void *params)",
    ),
    backendFree: bind<(backend: Pointer) => void>(base, "void ggml_backend_free(void *backend)"),
    supportsOperation: bind<(device: Pointer, operation: Pointer) => boolean>(
      base,
      "bool ggml_backend_dev_supports_op(void *device, void *op)",
    ),
    supportsBufferType: bind<(device: Pointer, bufferType: Pointer) => boolean>(
      base,
      "bool ggml_backend_dev_supports_buft(void *device, void *buft)",
    ),
    computeAsync: bind<(backend: Pointer, graph: Pointer) => number>(
      base,
      "int ggml_backend_graph_compute_async(void *backend, void *graph)",
    ),
    synchronizeBackend: bind<(backend: Pointer) => void>(
      base,
      "void ggml_backend_synchronize(void *backend)",
    ),
  };
}
