/** A device as far as placement goes. */
import { isSoftwareDevice } from "../machine/offloadDevice.ts";
import { backendOf, backendTraits } from "./backendTraits.ts";
import type { MemorySettings } from "./memorySettings.ts";

export interface MemoryDevice {
  /** llama.cpp's name, `CUDA0`. */
  readonly name: string;
  /** What a split in proportion goes by where `tensorSplit` is empty. */
  readonly freeBytes: number;
  /** Larger tensors stay on the host, and so do operations on them; none by default. */
  readonly maxTensorBytes?: number;
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

/** Those that were asked for, in that order; `--split-mode none` leaves llama.cpp the main one alone (src/llama.cpp, v0.4.0). */
export function usedDevices(
  { devices: asked, splitMode, mainGpu }: Pick<MemorySettings, "devices" | "splitMode" | "mainGpu">,
  all: readonly MemoryDevice[],
): readonly MemoryDevice[] {
  const devices =
    asked === "auto" ? all : asked.flatMap((name) => all.find((one) => one.name === name) ?? []);
  return splitMode === "none" ? devices.filter((_, index) => index === mainGpu) : devices;
}

/** Whether host weights go to a device's pinned memory, which comes before the CPU's own layouts (make_cpu_buft_list). */
export function pinHostWeights(
  { noHost }: Pick<MemorySettings, "noHost">,
  devices: readonly MemoryDevice[],
): boolean {
  return !noHost && devices.some(({ name }) => backendTraits[backendOf(name)].hostBuffer);
}

/** Whether a tensor may be too large for one of them. */
export function areLimited(devices: readonly MemoryDevice[]): boolean {
  return devices.some(({ maxTensorBytes }) => maxTensorBytes !== undefined);
}

/** Devices in a few words: those that look alike lay out alike. */
export function devicesForm(devices: readonly MemoryDevice[]): string {
  return devices
    .map(({ name, maxTensorBytes }) => `${backendOf(name)}<${maxTensorBytes}`)
    .join(";");
}
