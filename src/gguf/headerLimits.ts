/**
 * Bounds on what a GGUF header may claim. A header is foreign input: each bound stands well above the largest published
 * model and far below what could exhaust memory or time.
 */
export const headerLimits = {
  /** Everything before the tensor data. The largest published vocabularies (262,144 tokens, or 450,000 merges) make 13 MB. */
  headerBytes: 32 * 2 ** 20,
  /** Metadata entries. Published models have 20 to 60. */
  entries: 1024,
  /** GGUF's own bound is 65,535 bytes; llama.cpp's keys have under 64. */
  keyBytes: 1024,
  /** A single text. Chat templates reach 100 KB. */
  stringBytes: 2 ** 20,
  /** Elements of an array. The largest published, BPE merges, have 450,000. */
  arrayLength: 4 * 2 ** 20,
  /** Longer arrays are walked over and not kept: they are vocabularies. LLAMA_MAX_LAYERS: some are per layer. */
  keptArrayLength: 512,
  /** Tensors of one file. Llama 3.1 405B has 1,138, the largest mixtures of experts under 3,000. */
  tensors: 65_536,
  /** GGML_MAX_NAME - 1, ggml/include/ggml.h. */
  tensorNameBytes: 63,
  /** GGML_MAX_DIMS, ggml/include/ggml.h. */
  dims: 4,
  /** Files of one split model: llama.cpp numbers them with five digits, publishers make under 100. */
  shards: 1024,
} as const;
