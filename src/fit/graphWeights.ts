/** A model's weights as a graph sees them: where each of them lies. Layers are asked for again and again. */
import { getOrMake } from "../base/getOrMake.ts";
import { traitsOf } from "./deviceTraits.ts";
import type { LayerWeights } from "./graph/graphParts.ts";
import type { GraphWeight } from "./graph/graphTensor.ts";
import type { HostTraits } from "./hostTraits.ts";
import type { Place } from "./layerPlacement.ts";
import { devicesForm, type MemoryDevice } from "./memoryDevice.ts";
import type { FileTensor, MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";
import { modelParts } from "./modelParts.ts";
import { namedPlaces, type NamedPlaces } from "./namedPlaces.ts";
import { recurrenceOf } from "./scanWeights.ts";
import { demandedBytes } from "./weightGroups.ts";

export interface WeightPlaces {
  readonly devices: readonly MemoryDevice[];
  /** What the CPU does with weights on the host. */
  readonly repacks: HostTraits["repacks"];
}

const known = new WeakMap<MemoryModel, WeakMap<HostTraits["repacks"], Map<string, GraphWeights>>>();

export function graphWeights(
  model: MemoryModel,
  settings: MemorySettings,
  places: WeightPlaces,
): GraphWeights {
  const named = namedPlaces(settings, places.devices);
  const ofModel = getOrMake(known, model, () => new WeakMap());
  const ofHost = getOrMake(ofModel, places.repacks, () => new Map<string, GraphWeights>());
  const key = `${devicesForm(places.devices)};${named.form}`;
  return getOrMake(ofHost, key, () => new GraphWeights(model, named, places));
}

class GraphWeights {
  private readonly model: MemoryModel;
  private readonly named: NamedPlaces;
  private readonly devices: readonly MemoryDevice[];
  private readonly repacks: HostTraits["repacks"];
  private readonly layers = new Map<string, LayerWeights>();

  constructor(model: MemoryModel, named: NamedPlaces, { devices, repacks }: WeightPlaces) {
    this.model = model;
    this.named = named;
    this.devices = devices;
    this.repacks = repacks;
  }

  /** Of a layer in a place, by name, with rope factors among them. */
  ofLayer(index: number, place: Place | undefined): LayerWeights {
    return getOrMake(this.layers, `${index} ${place}`, () => {
      const { layers, ropeFactors } = modelParts(this.model);
      const own = [...(layers[index] ?? [])];
      const all =
        ropeFactors === undefined ? own : [...own, ["rope_freqs.weight", ropeFactors] as const];
      return Object.fromEntries(all.map(([name, tensor]) => [name, this.of(tensor, place)]));
    });
  }

  of(tensor: FileTensor | undefined, place: Place | undefined): GraphWeight {
    const { shape } = this.model;
    const { name = "", type = "f32", dims = [shape.n_embd, shape.n_vocab] } = tensor ?? {};
    const host = this.devices.length;
    const ofName = tensor === undefined ? null : this.named.of(tensor);
    const wanted = ofName ?? place;
    const home = typeof wanted === "number" ? wanted : host;
    // Where it is placed by name, nobody asks whether it suits.
    const suits = ofName !== null || tensor === undefined || this.suits(tensor, home);
    const held = suits ? home : host;
    const repacked = held === host && this.repacks({ type, dims });
    return { name, type, dims, home: held, repacked };
  }

  private suits(tensor: FileTensor, home: number): boolean {
    const device = this.devices[home];
    if (device === undefined) return true;
    if (demandedBytes(tensor) > (device.maxTensorBytes ?? Infinity)) return false;
    const recurrence = recurrenceOf(this.model.parameters, tensor);
    return recurrence === null || traitsOf(device).recurs(recurrence);
  }
}
