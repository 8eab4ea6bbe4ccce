import type { EngineDevice } from "../bench/engineInfo.ts";

/**
 * Devices that llama.cpp offloads layers to when left to itself: those of other machines first, and integrated GPUs only
 * where this machine has no other (`llama_prepare_model_devices`, src/llama.cpp, v0.4.0).
 */
export function offloadTargets<Device extends Pick<EngineDevice, "type" | "server">>(
  devices: readonly Device[],
): Device[] {
  const lent = devices.filter(({ server }) => server !== undefined);
  const own = devices.filter(({ server }) => server === undefined);
  const discrete = own.filter(({ type }) => type === "gpu");
  return [...lent, ...(discrete.length > 0 ? discrete : own.filter(({ type }) => type === "igpu"))];
}

/** A Vulkan driver that computes on the CPU (Mesa's llvmpipe, SwiftShader): offload without a GPU. */
export function isSoftwareDevice({ description }: Pick<EngineDevice, "description">): boolean {
  return /\b(?:llvmpipe|lavapipe|swiftshader)\b/i.test(description);
}
