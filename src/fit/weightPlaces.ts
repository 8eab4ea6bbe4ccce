/** Where the weights go (llama_model_loader::create_tensor and load_tensors, v0.4.0). */
import { getOrMake } from "../base/getOrMake.ts";
import { traitsOf } from "./deviceTraits.ts";
import type { LayerPlacement, LayerRun, Place } from "./layerPlacement.ts";
import { LayerWeights } from "./layerWeights.ts";
import { areLimited, devicesForm, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";
import { namedPlaces } from "./namedPlaces.ts";
import { recurrenceOf } from "./scanWeights.ts";
import { weightGroups, type WeightGroup } from "./weightGroups.ts";

/** What is in one place: layers whose weights are all there, and groups of others. */
export interface Share {
  readonly runs: readonly LayerRun[];
  readonly groups: readonly WeightGroup[];
}

export const nothingHeld: Share = { runs: [], groups: [] };

export interface Held {
  /** Of which the runs are. */
  readonly layers: LayerWeights;
  readonly devices: readonly Share[];
  readonly host: Share;
  /** Of the host's groups, those whose layer is on a device. */
  readonly named: readonly WeightGroup[];
  /** The output layer is on the host and shares the embeddings. */
  readonly tiedOnHost: boolean;
}

interface Split {
  readonly layers: LayerWeights;
  readonly others: readonly WeightGroup[];
}

const splits = new WeakMap<readonly WeightGroup[], Map<string, Split>>();
const noLayers = new LayerWeights([]);

/** Weights that go where their layer goes, apart from all that has to be looked at one by one. */
function splitGroups(
  model: MemoryModel,
  groups: readonly WeightGroup[],
  devices: readonly MemoryDevice[],
): Split {
  // Of a device that takes not every tensor, or of several that share each, nothing holds for a whole layer.
  if (areLimited(devices) || devices.some(({ members }) => members !== undefined))
    return { layers: noLayers, others: groups };
  const isWhole = (group: WeightGroup) =>
    group.named === null &&
    (group.kind === "layer" ||
      (group.kind === "recurrence" && devices.every((device) => suits(model, group, device))));
  const known = getOrMake(splits, groups, () => new Map<string, Split>());
  return getOrMake(known, devicesForm(devices), () => ({
    layers: new LayerWeights(groups.filter(isWhole)),
    others: groups.filter((group) => !isWhole(group)),
  }));
}

export function heldByPlace(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
): Held {
  const large = areLimited(devices) ? "apart" : "together";
  const groups = weightGroups(model, large, namedPlaces(settings, devices));
  const { layers, others } = splitGroups(model, groups, devices);
  const { host, ...held } = groupsByPlace(model, others, placement, devices);
  const runsAt = (place: Place) => placement.runs.filter((run) => run.place === place);
  return {
    ...held,
    layers,
    devices: held.devices.map((own, place) => ({ runs: runsAt(place), groups: own })),
    host: { runs: runsAt("host"), groups: host },
  };
}

interface Placed {
  readonly devices: readonly WeightGroup[][];
  readonly host: readonly WeightGroup[];
  readonly named: readonly WeightGroup[];
  readonly tiedOnHost: boolean;
}

function groupsByPlace(
  model: MemoryModel,
  groups: readonly WeightGroup[],
  { places }: LayerPlacement,
  devices: readonly MemoryDevice[],
): Placed {
  const onDevices: WeightGroup[][] = devices.map(() => []);
  const onHost: WeightGroup[] = [];
  const byName: WeightGroup[] = [];
  const output = places.at(-1) ?? "host";
  const putAt = (group: WeightGroup, place: Place) => {
    if (place === "host") onHost.push(group);
    else onDevices[place]?.push(group);
  };
  const put = (group: WeightGroup, place: Place) => {
    const limit = place === "host" ? 0 : (devices[place]?.maxTensorBytes ?? Infinity);
    putAt(group, group.largestBytes > limit ? "host" : place);
  };
  const tied = model.shape.tied_embeddings;
  let tiedOnHost = false;
  for (const group of groups) {
    if (group.named !== null) {
      putAt(group, group.named);
      if (group.named === "host" && layersPlace(model, group, places) !== "host")
        byName.push(group);
      // The output's copy matches the same pattern, and is one with the embeddings where both lie alike.
      if (group.kind === "embeddings" && tied && group.named === "host") tiedOnHost = true;
      continue;
    }
    switch (group.kind) {
      case "layer":
        put(group, places[group.layer] ?? "host");
        break;
      case "recurrence":
        put(group, recurs(model, group, places[group.layer], devices));
        break;
      case "rope":
        // Once in each place that has a layer.
        for (const place of new Set(places.slice(0, -1))) put(group, place);
        break;
      case "embeddings": {
        onHost.push(group);
        const limit = output === "host" ? 0 : (devices[output]?.maxTensorBytes ?? Infinity);
        if (tied && group.largestBytes <= limit && output !== "host") {
          onDevices[output]?.push(group);
        } else if (tied) tiedOnHost = true;
        break;
      }
      case "input":
        // There is little to be won by computing it elsewhere, says llama.cpp.
        onHost.push(group);
        break;
      case "output":
        put(group, output);
        break;
      default:
        group.kind satisfies never;
    }
  }
  return { devices: onDevices, host: onHost, named: byName, tiedOnHost };
}

/** Where its layer computes with it. */
function layersPlace(
  { shape }: MemoryModel,
  { kind, layer }: WeightGroup,
  places: readonly Place[],
): Place {
  switch (kind) {
    case "layer":
    case "recurrence":
      return places[layer] ?? "host";
    case "embeddings":
      return shape.tied_embeddings ? (places.at(-1) ?? "host") : "host";
    case "output":
      return places.at(-1) ?? "host";
    case "rope":
    case "input":
      return "host";
    default:
      return kind satisfies never;
  }
}

/** Its layer's place, where that can compute with it. */
function recurs(
  model: MemoryModel,
  group: WeightGroup,
  place: Place | undefined,
  devices: readonly MemoryDevice[],
): Place {
  if (place === undefined || place === "host") return "host";
  const device = devices[place];
  return device === undefined || suits(model, group, device) ? place : "host";
}

function suits(
  { parameters }: MemoryModel,
  { tensors }: WeightGroup,
  device: MemoryDevice,
): boolean {
  return tensors.every((tensor) => {
    const recurrence = recurrenceOf(parameters, tensor);
    return recurrence === null || traitsOf(device).recurs(recurrence);
  });
}
