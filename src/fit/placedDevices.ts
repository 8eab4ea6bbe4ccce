/** Where a placement's layers lie, by the devices' names. */
import type { MemoryBudget } from "../machine/memoryBudget.ts";
import { placeLayers } from "./layerPlacement.ts";
import { memoryDevice, usedDevices } from "./memoryDevice.ts";
import type { MemorySettings } from "./memorySettings.ts";

type Placing = Pick<
  MemorySettings,
  "devices" | "splitMode" | "mainGpu" | "tensorSplit" | "gpuLayers"
>;

/** The device that holds each layer, the output layer last; null for the host. */
export function placedDevices(
  nLayers: number,
  settings: Placing,
  { devices: all }: Pick<MemoryBudget, "devices">,
): readonly (string | null)[] {
  const devices = usedDevices(
    settings,
    all.map((device) => memoryDevice(device, device.freeBytes ?? device.budgetBytes)),
  );
  const { places } = placeLayers(nLayers, settings, devices);
  return places.map((place) => (place === "host" ? null : (devices[place]?.name ?? null)));
}
