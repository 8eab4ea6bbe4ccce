/**
 * What ggml's backends print of each device before anything is measured, by the sources of llama.cpp v0.4.0
 * (ggml-cuda.cu, ggml-vulkan.cpp, ggml-sycl.cpp, ggml-opencl.cpp, ggml-metal-device.m, src/llama.cpp, common/arg.cpp) and
 * of older builds.
 */

/** As llama-bench's `backends` names them, in lower case. */
export type DeviceBackend =
  | "cuda"
  | "rocm"
  | "musa"
  | "vulkan"
  | "sycl"
  | "metal"
  | "opencl"
  | "cann"
  | "other";

export interface NamedDevice {
  /** Null in a line that belongs to the list above it. */
  readonly backend: DeviceBackend | null;
  /** Its number or name within the backend: a line that repeats it is no further device. */
  readonly key: string;
  /** As llama-bench has it in `gpu_info`. */
  readonly name: string;
  /** Of several ways to reach one device the first counts: SYCL lists it for Level Zero and for OpenCL. */
  readonly rank: number;
}

export type DeviceLine =
  | { readonly kind: "list"; readonly backend: DeviceBackend }
  | { readonly kind: "device"; readonly device: NamedDevice };

type Reader = readonly [RegExp, (...groups: string[]) => DeviceLine];

const backendWords: Readonly<Record<string, DeviceBackend>> = {
  cuda: "cuda",
  cublas: "cuda",
  rocm: "rocm",
  hip: "rocm",
  musa: "musa",
  vulkan: "vulkan",
  sycl: "sycl",
  mtl: "metal",
  metal: "metal",
  opencl: "opencl",
  gpuopencl: "opencl",
  cann: "cann",
};

/** `ROCm` of llama-bench's column or a device's name; null for backends whose devices aren't listed. */
export function deviceBackendOf(word: string): DeviceBackend | null {
  return backendWords[word.trim().toLowerCase()] ?? null;
}

function list(backend: string): DeviceLine {
  return { kind: "list", backend: deviceBackendOf(backend) ?? "other" };
}

function device(backend: DeviceBackend | null, key: string, name: string, rank = 0): DeviceLine {
  return { kind: "device", device: { backend, key, name: name.trim(), rank } };
}

/** `Radeon 8060S (RADV GFX1151) (radv)`: the driver stands last, and isn't in llama-bench's name. */
function withoutDriver(name: string): string {
  return name.replace(/ \([^()]*\)$/u, "");
}

const readers: readonly Reader[] = [
  // ggml_cuda_init: found 2 CUDA devices (Total VRAM: 48146 MiB):
  [/\bfound \d+ (CUDA|ROCm|MUSA|SYCL|Vulkan) devices?\b.*:?$/iu, (backend) => list(backend)],
  // Device 0: NVIDIA GeForce RTX 4090, compute capability 8.9, VMM: yes
  [
    /^\s*(?:\S+: )?Device (\d+): (.+?), (?:compute capability|gfx[\da-f]|cc \d|VMM:)/u,
    (key, name) => device(null, key, name),
  ],
  // Below such a list, builds of 2023 say no more than the name.
  [/^\s+Device (\d+): ([^,:|]+)$/u, (key, name) => device(null, key, name)],
  [
    /\bggml_vulkan: (\d+) = ([^|]+?) \|/u,
    (key, name) => device("vulkan", key, withoutDriver(name)),
  ],
  [/^\s*Vulkan(\d+): ([^|]+?) \| *uma\b/u, (key, name) => device("vulkan", key, name)],
  // | 0| [level_zero:gpu:0]|                Intel Arc A770 Graphics|   12.55| …
  [
    /^\s*\|\s*\d+\s*\|\s*\[(level_zero|opencl|cuda|hip):gpu:(\d+)\]\s*\|\s*([^|]+?)\s*\|/u,
    (way, key, name) => device("sycl", key, name, way === "opencl" ? 1 : 0),
  ],
  // ggml_metal_device_init: GPU name:   MTL0 (Apple M5 Max)
  [/\bGPU name:\s+(MTL\d+) \((.+)\)\s*$/u, (key, name) => device("metal", key, name)],
  [/\bGPU name:\s+(?!MTL\d+\s*$)(\S.*)$/u, (name) => device("metal", name.trim(), name)],
  // Of several that are found one computes, which "GPU name" or this line tells.
  [
    /\bggml_metal_\w*init: picking default device: (\S.*)$/u,
    (name) => device("metal", name.trim(), name),
  ],
  [/\bggml_metal_\w*init: found device: (\S.*)$/u, (name) => device("metal", name.trim(), name, 1)],
  [
    /\bggml_opencl: (?:default device|selecting device): '(.+?)(?: \(OpenCL [^']*\))?'/u,
    (name) => device("opencl", name, name),
  ],
  [
    /\bggml_opencl: device: '(.+?)(?: \(OpenCL [^']*\))?'/u,
    (name) => device("opencl", name, name, 1),
  ],
  // llama_model_load_from_file_impl: using device CANN0 (Ascend910B3) (0000:01:00.0) - 62432 MiB free
  [
    /\busing device ([A-Za-z]+)(\d+) \((.+?)\)(?: \([^()]*\))? - \d+ MiB free/u,
    (backend, key, name) => device(deviceBackendOf(backend) ?? "other", key, name),
  ],
  // `--list-devices`:   CUDA0: NVIDIA GeForce RTX 4090 (24080 MiB, 23600 MiB free)
  [
    /^[\s-]*([A-Za-z]+)(\d+) *: (.+) \(\d+ MiB, \d+ MiB free\)$/u,
    (backend, key, name) => device(deviceBackendOf(backend) ?? "other", key, name),
  ],
];

/** Null for any other line. */
export function deviceLineOf(line: string): DeviceLine | null {
  if (!/device|vulkan|GPU name|:gpu:|MiB free/iu.test(line)) return null;
  for (const [pattern, read] of readers) {
    const match = pattern.exec(line);
    if (match !== null) return read(...match.slice(1).map((group) => group ?? ""));
  }
  return null;
}
