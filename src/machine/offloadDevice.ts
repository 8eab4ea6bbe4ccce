import type { EngineDevice } from "../bench/engineInfo.ts";

/**
 * Devices that llama.cpp offloads layers to when left to itself: integrated GPUs only where there is no other
 * (`llama_prepare_model_devices`, src/llama.cpp, v0.4.0).
 */
export function offloadTargets<Device extends Pick<EngineDevice, "type">>(
  devices: readonly Device[],
): Device[] {
  const discrete = devices.filter(({ type }) => type === "gpu");
  return discrete.length > 0 ? discrete : devices.filter(({ type }) => type === "igpu");
}

/** A Vulkan driver that computes on the CPU (Mesa's llvmpipe, SwiftShader): offload without a GPU. */
export function isSoftwareDevice({ description }: Pick<EngineDevice, "description">): boolean {
  return /\b(?:llvmpipe|lavapipe|swiftshader)\b/i.test(description);
}
