/** Where the weights go, and what their buffers take (llama_model_loader::create_tensor and load_tensors, v0.4.0). */
import { mapsFile } from "../bench/settings.ts";
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { hostAlignment } from "./backendTraits.ts";
import { pinHostWeights, traitsOf } from "./deviceTraits.ts";
import type { HostTraits } from "./hostTraits.ts";
import { placementForm, type LayerPlacement, type Place } from "./layerPlacement.ts";
import { areLimited, devicesForm, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";
import { namedPlaces } from "./namedPlaces.ts";
import { recurrenceOf } from "./scanWeights.ts";
import { tensorCuts } from "./tensorSplit/tensorCuts.ts";
import { mergeSpans, weightGroups, type IsCopied, type WeightGroup } from "./weightGroups.ts";

export interface WeightBuffers {
  /** By device; where devices compute together, by each of those. */
  readonly devices: readonly number[];
  /** As llama.cpp prints it: mapped weights count as the span of the file that they lie in. */
  readonly host: number;
  /** What the host must really hold: mapped weights by themselves. */
  readonly hostResident: number;
  /** Of the weights on the host, those that a name keeps there and not their layer. */
  readonly hostNamed: number;
}

const hostPadding = { alignment: hostAlignment, rowPadding: 1 };
const nothingCopied = () => false;

export function weightBuffers(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
  { repacks }: HostTraits,
): WeightBuffers {
  const ofModel = getOrMake(answers, model, () => new WeakMap());
  // Machines alike ask alike.
  const ofHost = getOrMake(ofModel, repacks, () => new Map());
  const key = [
    devicesForm(devices),
    placementForm(placement),
    mapsFile(settings.loadMode),
    settings.noHost,
    namedPlaces(settings, devices).form,
    // Layers are placed by proportions already; what devices compute together is cut by them.
    settings.splitMode === "tensor" ? settings.tensorSplit.join("/") : "",
  ].join(";");
  return getOrMake(ofHost, key, () => sumWeights(model, settings, placement, devices, repacks));
}

const answers = new WeakMap<MemoryModel, WeakMap<IsCopied, Map<string, WeightBuffers>>>();

function sumWeights(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
  repacks: IsCopied,
): WeightBuffers {
  const held = groupsByPlace(model, settings, placement, devices);
  const mapped = mapsFile(settings.loadMode);
  const onDevices = devices.flatMap((device, index) => {
    const traits = traitsOf(device);
    const groups = held.devices[index] ?? [];
    if (device.members !== undefined) {
      const cuts = tensorCuts(model, settings, device.members.length);
      return device.members.map((member, part) =>
        sum(groups, ({ tensors }) =>
          sumOf(tensors, (tensor) => cuts.weightBytes(tensor, part, traitsOf(member))),
        ),
      );
    }
    return mapped && traits.mapsWeights
      ? spanBytes(groups, () => nothingCopied)
      : sum(groups, (group) => group.allocatedBytes(traits));
  });
  const pinned = pinHostWeights(settings, devices);
  const copies = ({ kind }: WeightGroup) =>
    // Inputs are read row by row, and stay as they are.
    pinned || kind === "embeddings" || kind === "input" ? nothingCopied : repacks;
  const all = sum(held.host, (group) => group.allocatedBytes(hostPadding));
  const copied = sum(held.host, (group) => group.copiedBytes(copies(group), hostAlignment));
  // Tied embeddings that are multiplied with in another layout are there twice.
  const second =
    pinned || !held.tiedOnHost
      ? 0
      : sum(held.host, (group) =>
          group.kind === "embeddings" ? group.copiedBytes(repacks, hostAlignment) : 0,
        );
  return {
    devices: onDevices,
    host: copied + second + (mapped ? spanBytes(held.host, copies) : all - copied),
    hostResident: all + second,
    hostNamed: sum(held.named, (group) => group.allocatedBytes(hostPadding)),
  };
}

interface Held {
  readonly devices: readonly WeightGroup[][];
  readonly host: readonly WeightGroup[];
  /** Of these, those whose layer is on a device. */
  readonly named: readonly WeightGroup[];
  /** The output layer is on the host and shares the embeddings. */
  readonly tiedOnHost: boolean;
}

function groupsByPlace(
  model: MemoryModel,
  settings: MemorySettings,
  { places }: LayerPlacement,
  devices: readonly MemoryDevice[],
): Held {
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
  const large = areLimited(devices) ? "apart" : "together";
  for (const group of weightGroups(model, large, namedPlaces(settings, devices))) {
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
  { parameters }: MemoryModel,
  { tensors }: WeightGroup,
  place: Place | undefined,
  devices: readonly MemoryDevice[],
): Place {
  if (place === undefined || place === "host") return "host";
  const device = devices[place];
  const all = tensors.every((tensor) => {
    const recurrence = recurrenceOf(parameters, tensor);
    return recurrence === null || device === undefined || traitsOf(device).recurs(recurrence);
  });
  return all ? place : "host";
}

/** As llama.cpp maps them: in each file one span, from the first tensor that isn't copied to the last. */
function spanBytes(
  groups: readonly WeightGroup[],
  isCopied: (group: WeightGroup) => IsCopied,
): number {
  const spans = mergeSpans(groups.map((group) => group.spans(isCopied(group))));
  return spans.reduce((bytes, { first, last }) => bytes + last - first, 0);
}

function sum(groups: readonly WeightGroup[], bytesOf: (group: WeightGroup) => number): number {
  let bytes = 0;
  for (const group of groups) bytes += bytesOf(group);
  return bytes;
}
