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

/** Types of weights count for sizes alone, unless weights may be too large for a device, or repacked. */
export function knownLayouts(
  model: MemoryModel,
  devices: readonly MemoryDevice[],
  host: HostTraits,
): KnownLayouts {
  const { ofShape, ofModel } = getOrMake(layouts, host, () => ({
    ofShape: new WeakMap(),
    ofModel: new WeakMap(),
  }));
  const shared = areLimited(devices) ? model : repackedAlike(model, host);
  return {
    ofShape: getOrMake(ofShape, shared, () => new Map()),
    ofModel: getOrMake(ofModel, model, () => new Map()),
  };
}

const alike = new WeakMap<HostTraits, WeakMap<MemoryModel, MemoryModel>>();
const firstOf = new WeakMap<HostTraits, WeakMap<ModelShape, Map<string, MemoryModel>>>();

/** The shape, or of models of one shape the first of which the host repacks the same weights. */
function repackedAlike(model: MemoryModel, host: HostTraits): ModelShape | MemoryModel {
  if (host === plainHost) return model.shape;
  const known = getOrMake(alike, host, () => new WeakMap());
  return getOrMake(known, model, () => {
    const ofHost = getOrMake(firstOf, host, () => new WeakMap());
    const ofShape = getOrMake(ofHost, model.shape, () => new Map());
    const repacked = model.tensors.filter((tensor) => host.repacks(tensor));
    const names = repacked.map(({ name }) => name).sort();
    return getOrMake(ofShape, names.join(" "), () => model);
  });
}

interface LayoutsOfHost {
  readonly ofShape: WeakMap<ModelShape | MemoryModel, KnownLayouts["ofShape"]>;
  readonly ofModel: WeakMap<MemoryModel, KnownLayouts["ofModel"]>;
}

const layouts = new WeakMap<HostTraits, LayoutsOfHost>();

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
