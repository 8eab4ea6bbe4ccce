/** Devices as llama-bench writes them: `CUDA0/CUDA1`, `none`, `auto` (`parse_devices_arg`, tools/llama-bench, llama.cpp v0.4.0). */
import type { DeviceList } from "./settings.ts";

export function deviceListText(devices: DeviceList): string {
  if (devices === "auto") return "auto";
  return devices.length === 0 ? "none" : devices.join("/");
}

/** Undefined for an empty name. */
export function readDeviceList(text: string): DeviceList | undefined {
  const given = text.trim();
  if (given === "auto") return "auto";
  const names = given.split("/").map((name) => name.trim());
  if (names.length === 1 && names[0] === "none") return [];
  return names.includes("") ? undefined : names;
}
