/** How llama.cpp's backends lay out memory, as far as sizes depend on it (ggml/src/ggml-*, v0.4.0). */

export type BackendName = "metal" | "cuda" | "vulkan";

export interface BackendTraits {
  /** Each tensor begins at a multiple of it. */
  readonly alignment: number;
  /** Rows of quantized tensors are padded to a multiple of so many elements. */
  readonly rowPadding: number;
  /** Weights are used where the file is mapped, not copied. */
  readonly mapsWeights: boolean;
  /** Has pinned host memory, which weights on the host go to unless they are mapped. */
  readonly hostBuffer: boolean;
}

export const backendTraits: Readonly<Record<BackendName, BackendTraits>> = {
  metal: { alignment: 32, rowPadding: 1, mapsWeights: true, hostBuffer: false },
  cuda: { alignment: 128, rowPadding: 512, mapsWeights: false, hostBuffer: true },
  // The device's minStorageBufferOffsetAlignment: 16 to 64 on the devices there are.
  vulkan: { alignment: 64, rowPadding: 1, mapsWeights: false, hostBuffer: true },
};

/** TENSOR_ALIGNMENT, ggml/src/ggml-impl.h. */
export const hostAlignment = 32;

/** By llama.cpp's name of a device: `MTL0`, `CUDA1`, `Vulkan0`. What it doesn't know behaves like CUDA. */
export function backendOf(deviceName: string): BackendName {
  if (/^(?:MTL|Metal)/i.test(deviceName)) return "metal";
  return /^Vulkan/i.test(deviceName) ? "vulkan" : "cuda";
}
