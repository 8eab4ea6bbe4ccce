/** Apart from the schema, whose library children do without: it takes 70 ms to import. */
import type { EngineDevice, EngineInfo } from "./engineInfo.ts";

/** Devices that layers can be offloaded to. */
export function gpuDevices(info: Pick<EngineInfo, "devices">): EngineDevice[] {
  return info.devices.filter(({ type }) => type === "gpu" || type === "igpu");
}
