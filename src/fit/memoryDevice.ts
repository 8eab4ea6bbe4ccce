/** A device as far as placement goes. */
import { sumOf } from "../base/sumOf.ts";
import { isSoftwareDevice } from "../machine/offloadDevice.ts";
import { backendOf } from "./backendTraits.ts";
import type { MemorySettings } from "./memorySettings.ts";

export interface MemoryDevice {
  /** llama.cpp's name, `CUDA0`. */
  readonly name: string;
  /** What a split in proportion goes by where `tensorSplit` is empty. */
  readonly freeBytes: number;
  /** Larger tensors stay on the host, and so do operations on them; none by default. */
  readonly maxTensorBytes?: number;
  /** Devices that compute every layer together: llama.cpp makes one of them. */
  readonly members?: readonly MemoryDevice[];
}

/** llvmpipe's maxStorageBufferRange, the least that Vulkan allows; GPUs have 4 GiB. */
const softwareTensorBytes = 2 ** 27;

export function memoryDevice(
  { name, description }: { readonly name: string; readonly description: string },
  freeBytes: number,
): MemoryDevice {
  return isSoftwareDevice({ description })
    ? { name, freeBytes, maxTensorBytes: softwareTensorBytes }
    : { name, freeBytes };
}

/**
 * Those that were asked for, in that order; `--split-mode none` leaves llama.cpp the main one alone, and `tensor` makes one
 * of all (llama_prepare_model_devices, src/llama.cpp, v0.4.0).
 */
export function usedDevices(
  { devices: asked, splitMode, mainGpu }: Pick<MemorySettings, "devices" | "splitMode" | "mainGpu">,
  all: readonly MemoryDevice[],
): readonly MemoryDevice[] {
  const devices =
    asked === "auto" ? all : asked.flatMap((name) => all.find((one) => one.name === name) ?? []);
  switch (splitMode) {
    case "none":
      return devices.filter((_, index) => index === mainGpu);
    case "layer":
    case "row":
      return devices;
    case "tensor":
      return devices.length === 0 ? [] : [joinedDevice(devices)];
    default:
      return splitMode satisfies never;
  }
}

/** Under the name that llama.cpp gives it (ggml-backend-meta.cpp, v0.4.0). A tensor must suit each of them as a whole. */
function joinedDevice(members: readonly MemoryDevice[]): MemoryDevice {
  const limits = members.flatMap(({ maxTensorBytes = [] }) => maxTensorBytes);
  return {
    name: `Meta(${members.map(({ name }) => name).join(",")})`,
    freeBytes: sumOf(members, ({ freeBytes }) => freeBytes),
    ...(limits.length === 0 ? {} : { maxTensorBytes: Math.min(...limits) }),
    members,
  };
}

/** Whether a tensor may be too large for one of them. */
export function areLimited(devices: readonly MemoryDevice[]): boolean {
  return devices.some(({ maxTensorBytes }) => maxTensorBytes !== undefined);
}

/** Devices in a few words: those that look alike lay out alike. */
export function devicesForm(devices: readonly MemoryDevice[]): string {
  return devices.map(deviceForm).join(";");
}

function deviceForm({ name, maxTensorBytes, members }: MemoryDevice): string {
  return members === undefined
    ? `${backendOf(name)}<${maxTensorBytes}`
    : `joined(${devicesForm(members)})`;
}
