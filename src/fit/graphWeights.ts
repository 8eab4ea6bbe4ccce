/** A model's weights as a graph sees them: where each of them lies. Layers are asked for again and again. */
import { getOrMake } from "../base/getOrMake.ts";
import { traitsOf } from "./deviceTraits.ts";
import type { GraphPlan } from "./graph/batch.ts";
import { op, weight, type LayerWeights } from "./graph/graphParts.ts";
import type { GraphWeight } from "./graph/graphTensor.ts";
import type { HostTraits } from "./hostTraits.ts";
import type { LaidOutRun } from "./laidOutRuns.ts";
import type { LayerPlacement, Place } from "./layerPlacement.ts";
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

/** What a graph reads before its first layer and behind its last. */
export type OutsideLayers = Pick<GraphPlan, "embeddings" | "others" | "outputNorm" | "output">;

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

/** Rows of a batch that is worth copying weights for: more of them decide nothing. */
const largeBatch = 512;

class GraphWeights {
  private readonly model: MemoryModel;
  private readonly named: NamedPlaces;
  private readonly devices: readonly MemoryDevice[];
  private readonly repacks: HostTraits["repacks"];
  private readonly layers = new Map<string, LayerWeights>();
  private readonly kept = new Map<string, string>();

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

  /** @param places by layer, the output's behind them */
  outsideLayers(places: readonly Place[]): OutsideLayers {
    const parts = modelParts(this.model);
    const output = places.at(-1);
    return {
      embeddings: this.of(parts.embeddings, "host"),
      others: Object.fromEntries([
        ...parts.layerInputs.map(
          (tensor) =>
            [tensor.name, this.of(tensor, tensor.layer === 0 ? places[0] : "host")] as const,
        ),
        ...parts.outputStreams.map((tensor) => [tensor.name, this.of(tensor, output)] as const),
      ]),
      outputNorm: this.of(parts.outputNorm, output),
      output: this.of(parts.output ?? parts.embeddings, output),
    };
  }

  /**
   * Of the weights that a device would take over, those that the CPU keeps in a layout of its own, which stay with it: in
   * a few words.
   */
  repackedForm({ places }: LayerPlacement, runs: readonly LaidOutRun[]): string {
    const { others, output } = this.outsideLayers(places);
    const all = [
      this.keptNames({ ...others, output }),
      ...runs.flatMap(({ place, layers }) => layers.map((layer) => this.keptOfLayer(layer, place))),
    ];
    return all.every((names) => names === "") ? "" : all.join("/");
  }

  private keptOfLayer(index: number, place: Place): string {
    return getOrMake(this.kept, `${index} ${place}`, () =>
      this.keptNames(this.ofLayer(index, place)),
    );
  }

  private keptNames(weights: LayerWeights): string {
    const names = Object.entries(weights).flatMap(([name, of]) =>
      of?.repacked === true && this.isWanted(of) ? name : [],
    );
    return names.join();
  }

  private isWanted(of: GraphWeight): boolean {
    const [, outputs = 1] = of.dims;
    const product = op(
      of.dims.length > 2 ? "mul_mat_id" : "mul_mat",
      [outputs, largeBatch, largeBatch],
      [weight(of)],
    );
    return this.devices.some((device) => traitsOf(device).offloads(product));
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
