/** A model's placements, kept for whoever asks again: many machines have the same devices, and differ in memory. */
import { getOrMake } from "../base/getOrMake.ts";
import type { HostTraits } from "./hostTraits.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { FitSettings } from "./memorySettings.ts";
import { PlacedModel } from "./predictMemory.ts";

/** @returns to be told how many layers are on devices */
export function placedModels(
  model: MemoryModel,
  settings: FitSettings,
  devices: readonly MemoryDevice[],
  host: HostTraits,
): (gpuLayers: number) => PlacedModel {
  const known = placementsFor(model, settings, devices, host);
  return (gpuLayers) =>
    getOrMake(
      known,
      gpuLayers,
      () => new PlacedModel(model, { ...settings, gpuLayers }, devices, host),
    );
}

/** By number of layers on devices. */
type Placements = Map<number, PlacedModel>;

const placements = new WeakMap<MemoryModel, WeakMap<HostTraits, Map<string, Placements>>>();

/** What a placement depends on, but for the number of layers: not the context, which it is asked for. */
function placementsFor(
  model: MemoryModel,
  settings: FitSettings,
  devices: readonly MemoryDevice[],
  host: HostTraits,
): Placements {
  // Several devices share the layers by what is free on each.
  const places = devices.map(({ name, freeBytes, maxTensorBytes }) => ({
    name,
    maxTensorBytes,
    freeBytes: devices.length > 1 ? freeBytes : 0,
  }));
  const ofModel = getOrMake(placements, model, () => new WeakMap());
  const ofHost = getOrMake(ofModel, host, () => new Map());
  return getOrMake(ofHost, `${formOf(settings)} ${JSON.stringify(places)}`, () => new Map());
}

const forms = new WeakMap<FitSettings, string>();

/** The same settings are asked of every model and machine. */
function formOf(settings: FitSettings): string {
  return getOrMake(forms, settings, () => {
    const { nCtx: _nCtx, gpuLayers: _gpuLayers, ...others } = settings;
    return JSON.stringify(others);
  });
}
