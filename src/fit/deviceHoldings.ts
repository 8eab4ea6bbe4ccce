/** What llama.cpp puts on each device: layers of its own, or its part of layers that devices compute together. */
import { noCaches } from "./caches/cachePlan.ts";
import { PlacedCaches } from "./caches/placedCaches.ts";
import type { LayerPlacement } from "./layerPlacement.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";
import { tensorCuts } from "./tensorSplit/tensorCuts.ts";

export interface DeviceHolding {
  readonly device: MemoryDevice;
  /** Among the devices that layers are placed on; -1 where it is left out. */
  readonly place: number;
  /** Among those that weights are counted by. */
  readonly part: number;
  readonly caches: PlacedCaches;
}

/**
 * @param devices all of the machine's
 * @param used those that layers are placed on
 */
export function deviceHoldings(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
  used: readonly MemoryDevice[],
): readonly DeviceHolding[] {
  const { noKvOffload } = settings;
  const [joined] = used;
  if (joined?.members !== undefined) {
    const { members } = joined;
    const cuts = tensorCuts(model, settings, members.length);
    return devices.map((device) => {
      const part = members.indexOf(device);
      const plan = part === -1 ? noCaches : cuts.cachesOf(model.caches, part);
      const caches = new PlacedCaches(plan, placement, noKvOffload);
      return { device, place: part === -1 ? -1 : 0, part, caches };
    });
  }
  const caches = new PlacedCaches(model.caches, placement, noKvOffload);
  return devices.map((device) => {
    const place = used.indexOf(device);
    return { device, place, part: place, caches };
  });
}
