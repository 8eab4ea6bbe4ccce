/**
 * llama.cpp's C API, bound through koffi to the very libraries that node-llama-cpp loaded. Calls are synchronous.
 * Each prototype is the header's (include/llama.h, ggml/include/ggml-backend.h, v0.4.0), opaque pointers as `void *`.
 */
import koffi, { type LibraryHandle } from "koffi";
import { bind } from "./bind.ts";
import { bindGraphs } from "./graphApi.ts";
import type { LoadedLibraries } from "./libraries.ts";
// Declares the structs that the prototypes name.
import type {
  Batch,
  ContextParams,
  ModelParams,
  Pointer,
  QuantizeParams,
  ThreadpoolParams,
} from "./structs.ts";
import "./structs.ts";

export type LlamaApi = ReturnType<typeof bindLlama>;

/** Each symbol is looked up in the library that defines it: Windows looks nowhere else. */
export function bindLlama(paths: LoadedLibraries) {
  const [llama, ggml, base] = [paths.llama, paths.ggml, paths.ggmlBase].map((path) =>
    koffi.load(path),
  ) as [LibraryHandle, LibraryHandle, LibraryHandle];
  return {
    ...bindModel(llama),
    ...bindContext(llama),
    ...bindBackends(ggml, base),
    ...bindGraphs(base),
    version: bind<() => string>(llama, "const char *llama_version()"),
    systemInfo: bind<() => string>(llama, "const char *llama_print_system_info()"),
    /** With nulls, llama.cpp's log goes to stderr. */
    logSet: bind<(callback: null, data: null) => void>(
      llama,
      "void llama_log_set(void *callback, void *data)",
    ),
    numaInit: bind<(strategy: number) => void>(llama, "void llama_numa_init(int strategy)"),
    maxDevices: bind<() => number>(llama, "size_t llama_max_devices()"),
    /** Number and commit of the build, from llama-common; null where that library is not there. */
    build: readBuild(paths.common),
    quantizeDefaultParams: bind<() => QuantizeParams>(
      llama,
      "llama_model_quantize_params llama_model_quantize_default_params()",
    ),
    quantize: bind<(input: string, output: string, params: QuantizeParams) => number>(
      llama,
      "uint32_t llama_model_quantize(str input, str output, llama_model_quantize_params *params)",
    ),
  };
}

/** common/build-info.cpp's variables. */
function readBuild(common: string | null): { number: number; commit: string } | null {
  if (common === null) return null;
  try {
    const library = koffi.load(common);
    const number: unknown = koffi.decode(library.symbol("LLAMA_BUILD_NUMBER"), "int");
    const commit: unknown = koffi.decode(library.symbol("LLAMA_COMMIT"), "str");
    return { number: Number(number), commit: String(commit) };
  } catch {
    return null;
  }
}

function bindModel(llama: LibraryHandle) {
  type Ask<Result> = (model: Pointer) => Result;
  return {
    modelDefaultParams: bind<() => ModelParams>(
      llama,
      "llama_model_params llama_model_default_params()",
    ),
    modelLoad: bind<(path: string, params: ModelParams) => Pointer | null>(
      llama,
      "void *llama_model_load_from_file(str path, llama_model_params params)",
    ),
    modelFree: bind<Ask<void>>(llama, "void llama_model_free(void *model)"),
    modelDesc: bind<(model: Pointer, text: Uint8Array, size: number) => number>(
      llama,
      "int32_t llama_model_desc(void *model, uint8_t *text, size_t size)",
    ),
    modelSize: bind<Ask<number>>(llama, "uint64_t llama_model_size(void *model)"),
    modelParameters: bind<Ask<number>>(llama, "uint64_t llama_model_n_params(void *model)"),
    modelLayers: bind<Ask<number>>(llama, "int32_t llama_model_n_layer(void *model)"),
    modelEmbeddingSize: bind<Ask<number>>(llama, "int32_t llama_model_n_embd_out(void *model)"),
    modelSlidingWindow: bind<Ask<number>>(llama, "int32_t llama_model_n_swa(void *model)"),
    modelIsRecurrent: bind<Ask<boolean>>(llama, "bool llama_model_is_recurrent(void *model)"),
    modelIsHybrid: bind<Ask<boolean>>(llama, "bool llama_model_is_hybrid(void *model)"),
    modelVocab: bind<Ask<Pointer>>(llama, "void *llama_model_get_vocab(void *model)"),
    vocabTokens: bind<Ask<number>>(llama, "int32_t llama_vocab_n_tokens(void *vocab)"),
    vocabAddsBos: bind<Ask<boolean>>(llama, "bool llama_vocab_get_add_bos(void *vocab)"),
    vocabBos: bind<Ask<number>>(llama, "int32_t llama_vocab_bos(void *vocab)"),
  };
}

function bindContext(llama: LibraryHandle) {
  type Ask<Result> = (context: Pointer) => Result;
  return {
    contextDefaultParams: bind<() => ContextParams>(
      llama,
      "llama_context_params llama_context_default_params()",
    ),
    contextInit: bind<(model: Pointer, params: ContextParams) => Pointer | null>(
      llama,
      "void *llama_init_from_model(void *model, llama_context_params params)",
    ),
    contextFree: bind<Ask<void>>(llama, "void llama_free(void *ctx)"),
    contextSize: bind<Ask<number>>(llama, "uint32_t llama_n_ctx(void *ctx)"),
    setThreads: bind<(context: Pointer, generation: number, batches: number) => void>(
      llama,
      "void llama_set_n_threads(void *ctx, int32_t n_threads, int32_t n_threads_batch)",
    ),
    attachThreadpool: bind<(context: Pointer, pool: Pointer, batchPool: null) => void>(
      llama,
      "void llama_attach_threadpool(void *ctx, void *pool, void *batch_pool)",
    ),
    decode: bind<(context: Pointer, batch: Batch) => number>(
      llama,
      "int32_t llama_decode(void *ctx, llama_batch_words batch)",
    ),
    synchronize: bind<Ask<void>>(llama, "void llama_synchronize(void *ctx)"),
    logitsOf: bind<(context: Pointer, output: number) => Pointer | null>(
      llama,
      "void *llama_get_logits_ith(void *ctx, int32_t i)",
    ),
    embeddingsOf: bind<(context: Pointer, output: number) => Pointer | null>(
      llama,
      "void *llama_get_embeddings_ith(void *ctx, int32_t i)",
    ),
    /** Null where the model pools none. */
    sequenceEmbeddings: bind<(context: Pointer, sequence: number) => Pointer | null>(
      llama,
      "void *llama_get_embeddings_seq(void *ctx, int32_t seq_id)",
    ),
    memoryOf: bind<Ask<Pointer>>(llama, "void *llama_get_memory(void *ctx)"),
    memoryClear: bind<(memory: Pointer, data: boolean) => void>(
      llama,
      "void llama_memory_clear(void *mem, bool data)",
    ),
    memoryRemove: bind<(memory: Pointer, sequence: number, from: number, to: number) => boolean>(
      llama,
      "bool llama_memory_seq_rm(void *mem, int32_t seq_id, int32_t p0, int32_t p1)",
    ),
  };
}

function bindBackends(ggml: LibraryHandle, base: LibraryHandle) {
  return {
    deviceCount: bind<() => number>(ggml, "size_t ggml_backend_dev_count()"),
    device: bind<(index: number) => Pointer>(ggml, "void *ggml_backend_dev_get(size_t index)"),
    deviceName: bind<(device: Pointer) => string>(
      base,
      "const char *ggml_backend_dev_name(void *device)",
    ),
    deviceDescription: bind<(device: Pointer) => string>(
      base,
      "const char *ggml_backend_dev_description(void *device)",
    ),
    deviceType: bind<(device: Pointer) => number>(base, "int ggml_backend_dev_type(void *device)"),
    deviceMemory: bind<(device: Pointer, free: [number], total: [number]) => void>(
      base,
      "void ggml_backend_dev_memory(void *device, _Out_ size_t *free, _Out_ size_t *total)",
    ),
    deviceRegistry: bind<(device: Pointer) => Pointer>(
      base,
      "void *ggml_backend_dev_backend_reg(void *device)",
    ),
    procAddress: bind<(registry: Pointer, name: string) => Pointer | null>(
      base,
      "void *ggml_backend_reg_get_proc_address(void *reg, str name)",
    ),
    deviceBufferType: bind<(device: Pointer) => Pointer | null>(
      base,
      "void *ggml_backend_dev_buffer_type(void *device)",
    ),
    bufferTypeName: bind<(type: Pointer) => string>(
      base,
      "const char *ggml_backend_buft_name(void *buft)",
    ),
    cpuBufferType: bind<() => Pointer>(base, "void *ggml_backend_cpu_buffer_type()"),
    threadpoolDefaultParams: bind<(threads: number) => ThreadpoolParams>(
      base,
      "ggml_threadpool_params ggml_threadpool_params_default(int n_threads)",
    ),
  };
}
