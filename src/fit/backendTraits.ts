/** How llama.cpp's backends lay out memory, as far as sizes depend on it (ggml/src/ggml-*, v0.4.0). */
import type { AttentionSizes } from "./graph/batch.ts";
import type { GraphTensor } from "./graph/graphTensor.ts";
import { offloadsBatches, offloadsForMetal } from "./graph/offloading.ts";
import { vulkanOrder } from "./graph/vulkanOrder.ts";
import type { GgmlTypeName } from "../gguf/ggmlTypes.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import type { AttentionHeads } from "./attentionHeads.ts";
import type { GpuBackend } from "../bench/backends.ts";
import type { KvCacheType } from "../bench/settings.ts";
import type { Recurrence } from "./scanWeights.ts";

export interface AttentionFacts extends AttentionSizes {
  readonly nTokens: number;
  readonly typeK: KvCacheType;
  readonly typeV: KvCacheType;
}

export interface BackendTraits {
  /** Each tensor begins at a multiple of it. */
  readonly alignment: number;
  /** Of one allocation; larger compute buffers are several. */
  readonly maxChunkBytes: number;
  /** Rows of quantized tensors are padded to a multiple of so many elements. */
  readonly rowPadding: number;
  /** Weights are used where the file is mapped, not copied. */
  readonly mapsWeights: boolean;
  /** Has pinned host memory, which weights on the host go to unless they are mapped. */
  readonly hostBuffer: boolean;
  /** Whether it takes over an operation on weights in host memory, by copying them. */
  readonly offloads: (tensor: GraphTensor) => boolean;
  /** Multiplies with a quantized K cache of several heads, whose rows lie apart. */
  readonly multipliesStrided: boolean;
  /** The order in which it computes a graph, where it is not the graph's own. */
  readonly order: ((nodes: readonly GraphTensor[]) => GraphTensor[]) | null;
  /** Whether it has a kernel for caches of these types. */
  readonly flashAttends: (
    heads: AttentionHeads,
    typeK: GgmlTypeName,
    typeV: GgmlTypeName,
  ) => boolean;
  /** Whether it has a kernel for a recurrence, whose weights the host keeps otherwise. */
  readonly recurs: (recurrence: Recurrence) => boolean;
  /** Whether it has operations that mix residual streams (DeepSeek-V4). */
  readonly mixesStreams: boolean;
  /** What flash attention needs behind its result, in bytes. */
  readonly flashAttnScratch: (facts: AttentionFacts) => number;
}

interface FlashKernels {
  readonly attends: (heads: AttentionHeads) => boolean;
  /** Of K and V, which are of one type. */
  readonly types: ReadonlySet<GgmlTypeName>;
}

const metalKeySizes = new Set([32, 40, 48, 64, 72, 80, 96, 112, 128, 192, 256, 320, 512, 576]);

/** ggml_metal_device_supports_op, ggml-metal-device.m, for Apple's own GPUs. */
const metalKernels: FlashKernels = {
  attends: ({ key }) => metalKeySizes.has(key),
  types: new Set(["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1"]),
};

const cudaKeySizes = new Set([40, 64, 72, 80, 96, 112, 128, 256]);

/** Kernels for several queries of one key: so many of them, or multiples. */
const cudaGroupedSizes = [
  { key: 192, value: 128, groups: 8 },
  { key: 320, value: 256, groups: 32 },
  { key: 512, value: 512, groups: 1 },
  { key: 576, value: 512, groups: 1 },
];

/** ggml_cuda_get_best_fattn_kernel, ggml-cuda/fattn.cu, built without GGML_CUDA_FA_ALL_QUANTS. */
const cudaKernels: FlashKernels = {
  attends({ key, value, queriesPerKey }) {
    if (cudaKeySizes.has(key)) return value === key;
    const grouped = cudaGroupedSizes.find((sizes) => sizes.key === key && sizes.value === value);
    return grouped !== undefined && queriesPerKey >= 2 && queriesPerKey % grouped.groups === 0;
  },
  types: new Set(["f32", "f16", "bf16", "q8_0", "q4_0"]),
};

function hasKernel({ attends, types }: FlashKernels): BackendTraits["flashAttends"] {
  return (heads, typeK, typeV) => typeK === typeV && attends(heads) && types.has(typeK);
}

/** What a device's memory is laid out by: `rpc` is another machine's, whatever computes there. */
export type DeviceBackend = GpuBackend | "rpc";

export const backendTraits: Readonly<Record<DeviceBackend, BackendTraits>> = {
  metal: {
    alignment: 32,
    maxChunkBytes: Infinity,
    rowPadding: 1,
    mapsWeights: true,
    hostBuffer: false,
    offloads: offloadsForMetal,
    multipliesStrided: true,
    order: null,
    flashAttends: hasKernel(metalKernels),
    recurs: () => true,
    mixesStreams: true,
    flashAttnScratch: metalScratch,
  },
  cuda: {
    alignment: 128,
    maxChunkBytes: Infinity,
    rowPadding: 512,
    mapsWeights: false,
    hostBuffer: true,
    offloads: offloadsBatches,
    multipliesStrided: true,
    order: null,
    flashAttends: hasKernel(cudaKernels),
    recurs: cudaRecurs,
    mixesStreams: true,
    flashAttnScratch: cudaScratch,
  },
  vulkan: {
    // The device's minStorageBufferOffsetAlignment: 16 to 64 on the devices there are.
    alignment: 16,
    maxChunkBytes: 2 ** 30,
    rowPadding: 1,
    mapsWeights: false,
    hostBuffer: true,
    offloads: offloadsBatches,
    multipliesStrided: false,
    order: vulkanOrder,
    // ggml_backend_vk_device_supports_op, ggml-vulkan.cpp: all our types, BF16 with its like alone.
    flashAttends: ({ key, value }, typeK, typeV) =>
      key % 8 === 0 && value % 8 === 0 && (typeK === "bf16") === (typeV === "bf16"),
    // Mamba 2's scan alone.
    recurs: (recurrence) =>
      recurrence.kind === "convolution" || (recurrence.oneDecay && scansHeads(recurrence)),
    mixesStreams: false,
    flashAttnScratch: () => 0,
  },
  // It says of each operation that it has it, and offers no memory of the host's (ggml-rpc.cpp). What a server's own backend
  // adds, it alone knows: the others' buffers are as large within some percent.
  rpc: {
    alignment: 128,
    maxChunkBytes: Infinity,
    rowPadding: 1,
    mapsWeights: false,
    hostBuffer: false,
    offloads: () => false,
    multipliesStrided: true,
    order: null,
    flashAttends: () => true,
    recurs: () => true,
    mixesStreams: true,
    flashAttnScratch: () => 0,
  },
};

/** TENSOR_ALIGNMENT, ggml/src/ggml-impl.h. */
export const hostAlignment = 32;

/** By llama.cpp's name of a device: `MTL0`, `CUDA1`, `Vulkan0`, `RPC0`. What it doesn't know behaves like CUDA. */
export function backendOf(deviceName: string): DeviceBackend {
  if (/^RPC\d/i.test(deviceName)) return "rpc";
  if (/^(?:MTL|Metal)/i.test(deviceName)) return "metal";
  return /^Vulkan/i.test(deviceName) ? "vulkan" : "cuda";
}

type Scan = Extract<Recurrence, { kind: "scan" }>;

/** Mamba 2's kernels of CUDA and Vulkan (ggml_backend_*_device_supports_op). */
function scansHeads({ stateSize, headSize }: Scan): boolean {
  return (stateSize === 128 || stateSize === 256) && headSize % 16 === 0;
}

/** ggml_backend_cuda_device_supports_op, ggml-cuda/ggml-cuda.cu. */
function cudaRecurs(recurrence: Recurrence): boolean {
  switch (recurrence.kind) {
    case "convolution":
      return recurrence.channels % 128 === 0;
    case "scan": {
      if (recurrence.oneDecay) return scansHeads(recurrence);
      const { stateSize, headSize, heads, groups } = recurrence;
      return stateSize === 16 && headSize === 1 && heads % 128 === 0 && groups === 1;
    }
    default:
      return recurrence satisfies never;
  }
}

/** F16 copies of caches of another type (ggml_cuda_flash_attn_ext_get_alloc_size, ggml-cuda/fattn.cu). */
function cudaScratch({ nCtx, kvHeads, key, value, latent, typeK, typeV }: AttentionFacts): number {
  const bytes = (size: number) => alignTo(2 * kvHeads * size * nCtx, 128);
  const ofKeys = isCopied(typeK) ? bytes(key) : 0;
  // Values that are read out of the keys are read out of their copy.
  return ofKeys + (!latent && isCopied(typeV) ? bytes(value) : 0);
}

/** What was F32 is F16 by then. */
function isCopied(type: KvCacheType): boolean {
  return type !== "f16" && type !== "f32";
}

/** Tail, block map, partial results and F16 caches (ggml_metal_op_flash_attn_ext_extra_*, ggml-metal-ops.cpp). */
function metalScratch({
  nTokens,
  nCtx,
  heads,
  kvHeads,
  key,
  value,
  latent,
}: AttentionFacts): number {
  const keysPerGroup = 64;
  const queriesPerGroup = 8;
  const workgroups = 32;
  const [keyRow, valueRow] = [2 * key * kvHeads, latent ? 2 * key : 2 * value * kvHeads];
  // Each row's stride is that of the whole cache, once per head.
  const tail = keysPerGroup * ((keyRow + valueRow) * kvHeads + 2 * nTokens);
  const blocks = alignTo(Math.ceil(nCtx / keysPerGroup) * Math.ceil(nTokens / queriesPerGroup), 32);
  const partial = 4 * Math.min(nTokens, 32) * heads * workgroups * (value + 2);
  const copies = alignTo(keyRow * nCtx, 16) + (latent ? 0 : alignTo(valueRow * nCtx, 16));
  return tail + blocks + partial + copies;
}
