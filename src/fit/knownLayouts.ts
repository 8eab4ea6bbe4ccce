/** Layouts that were made, kept for whoever asks again: they are the same for all models of a shape, but for a few. */
import { getOrMake } from "../base/getOrMake.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { isOfExperts } from "../gguf/tensorTable.ts";
import type { ContextLayouts, ModelLayouts } from "./contextLayouts.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { pinHostWeights } from "./deviceTraits.ts";
import { areLimited, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";

export interface KnownLayouts {
  readonly ofShape: Map<string, ContextLayouts>;
  readonly ofModel: Map<string, ModelLayouts>;
}

const ofShapes = new WeakMap<ModelShape | MemoryModel, KnownLayouts["ofShape"]>();
const ofModels = new WeakMap<MemoryModel, KnownLayouts["ofModel"]>();

/** Types of weights count for sizes alone, unless weights may be too large for a device. */
export function knownLayouts(model: MemoryModel, devices: readonly MemoryDevice[]): KnownLayouts {
  const shared = areLimited(devices) ? model : model.shape;
  return {
    ofShape: getOrMake(ofShapes, shared, () => new Map()),
    ofModel: getOrMake(ofModels, model, () => new Map()),
  };
}

/**
 * The host, as far as it decides what devices compute: by repacking experts that Metal would else take over, which takes
 * nothing but those.
 */
export function decidingHost(
  model: MemoryModel,
  settings: Pick<MemorySettings, "noHost">,
  devices: readonly MemoryDevice[],
  host: HostTraits,
): HostTraits {
  if (devices.length === 0 || host === plainHost || pinHostWeights(settings, devices))
    return plainHost;
  // Beside devices that would pin them, all weights that the host repacks stay with it.
  if (settings.noHost) return host;
  if (model.shape.experts === undefined) return plainHost;
  return keepsExperts(model, host) ? host : plainHost;
}

const keepers = new WeakMap<HostTraits, WeakMap<MemoryModel, boolean>>();

function keepsExperts(model: MemoryModel, host: HostTraits): boolean {
  const known = getOrMake(keepers, host, () => new WeakMap());
  return getOrMake(known, model, () =>
    model.tensors.some((tensor) => isOfExperts(tensor.name) && host.repacks(tensor)),
  );
}
