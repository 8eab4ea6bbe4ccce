/**
 * A device as llama.cpp lists it, as far as memory and names go.
 * The engine's own list (llamacpp/engineInfo.ts) has this shape: the machine's parts need no more of it.
 */
export interface OffloadDevice {
  /** llama.cpp's name: `CUDA0`, `Vulkan0`, `MTL0`. */
  readonly name: string;
  /** The hardware's name: `NVIDIA GeForce RTX 4090`. */
  readonly description: string;
  readonly type: "cpu" | "gpu" | "igpu" | "accel" | "meta";
  readonly free_bytes: number;
  readonly total_bytes: number;
}

/**
 * Devices that llama.cpp offloads layers to when left to itself: integrated GPUs only where there is no other
 * (`llama_prepare_model_devices`, src/llama.cpp, v0.4.0).
 */
export function offloadTargets<Device extends Pick<OffloadDevice, "type">>(
  devices: readonly Device[],
): Device[] {
  const discrete = devices.filter(({ type }) => type === "gpu");
  return discrete.length > 0 ? discrete : devices.filter(({ type }) => type === "igpu");
}

/** A Vulkan driver that computes on the CPU (Mesa's llvmpipe, SwiftShader): offload without a GPU. */
export function isSoftwareDevice({ description }: Pick<OffloadDevice, "description">): boolean {
  return /\b(?:llvmpipe|lavapipe|swiftshader)\b/i.test(description);
}
