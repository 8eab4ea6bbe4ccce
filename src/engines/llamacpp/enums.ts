/** llama.cpp's enum values by llama-bench's names (include/llama.h and ggml/include/ggml.h, v0.4.0). */
import type {
  FlashAttn,
  KvCacheType,
  LazyMode,
  LoadMode,
  NumaMode,
  SplitMode,
} from "../../bench/settings.ts";

export const kvCacheTypeIds = {
  f32: 0,
  f16: 1,
  bf16: 30,
  q8_0: 8,
  q4_0: 2,
  q4_1: 3,
  iq4_nl: 20,
  q5_0: 6,
  q5_1: 7,
} as const satisfies Record<KvCacheType, number>;

export const splitModeIds = { none: 0, layer: 1, row: 2, tensor: 3 } as const satisfies Record<
  SplitMode,
  number
>;

export const loadModeIds = {
  auto: -1,
  none: 0,
  mmap: 1,
  mlock: 2,
  "mmap+mlock": 3,
  dio: 4,
} as const satisfies Record<LoadMode, number>;

export const lazyModeIds = { off: 0, auto: 1, on: 2 } as const satisfies Record<LazyMode, number>;

/** ggml_numa_strategy (ggml/include/ggml-cpu.h). */
export const numaModeIds = {
  disabled: 0,
  distribute: 1,
  isolate: 2,
  numactl: 3,
} as const satisfies Record<NumaMode, number>;

export const flashAttnIds = { auto: -1, on: 1, off: 0 } as const satisfies Record<
  FlashAttn,
  number
>;

/** ggml_backend_dev_type, in the header's order. */
export const deviceTypes = ["cpu", "gpu", "igpu", "accel", "meta"] as const;
