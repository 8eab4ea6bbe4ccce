/** Which build of the engine has the devices that are named: one run has one. */
import type { DeviceChoice, GpuBackend } from "../bench/backends.ts";
import type { DeviceList } from "../bench/settings.ts";
import { LlmbenchError } from "../errors.ts";

/** How llama.cpp begins the names of each backend's devices. */
const beginnings: Readonly<Record<GpuBackend, RegExp>> = {
  metal: /^(?:mtl|metal)/i,
  cuda: /^cuda/i,
  vulkan: /^vulkan/i,
};

/**
 * The device that was asked for, else the backend of those that are named; `auto` where nothing tells.
 * @throws LlmbenchError `usage` for devices of several backends.
 */
export function impliedDevice(device: DeviceChoice, lists: readonly DeviceList[]): DeviceChoice {
  if (device !== "auto") return device;
  const names = lists.flatMap((list) => (list === "auto" ? [] : list));
  const implied = (Object.keys(beginnings) as GpuBackend[]).filter((backend) =>
    names.some((name) => beginnings[backend].test(name)),
  );
  if (implied.length > 1) {
    throw new LlmbenchError(
      "usage",
      `--devices ${names.join(", ")}: a run has devices of one backend; measure ${implied.join(" and ")} one after the other`,
    );
  }
  return implied[0] ?? "auto";
}
