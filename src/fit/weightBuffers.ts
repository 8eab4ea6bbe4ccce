/** What the buffers of weights take (llama_model_loader::create_tensor and load_tensors, v0.4.0). */
import { mapsFile } from "../bench/settings.ts";
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import { hostAlignment } from "./backendTraits.ts";
import { pinHostWeights, traitsOf } from "./deviceTraits.ts";
import type { HostTraits } from "./hostTraits.ts";
import { placementForm, type LayerPlacement } from "./layerPlacement.ts";
import type { LayerWeights } from "./layerWeights.ts";
import { devicesForm, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";
import { namedPlaces } from "./namedPlaces.ts";
import { tensorCuts } from "./tensorSplit/tensorCuts.ts";
import {
  mergeSpans,
  type GroupKind,
  type IsCopied,
  type Padding,
  type WeightGroup,
} from "./weightGroups.ts";
import { heldByPlace, nothingHeld, type Share } from "./weightPlaces.ts";

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
  const held = heldByPlace(model, settings, placement, devices);
  const mapped = mapsFile(settings.loadMode);
  const onDevices = devices.flatMap((device, index) => {
    const traits = traitsOf(device);
    const share = held.devices[index] ?? nothingHeld;
    if (device.members !== undefined) {
      const cuts = tensorCuts(model, settings, device.members.length);
      return device.members.map((member, part) =>
        sum(share.groups, ({ tensors }) =>
          sumOf(tensors, (tensor) => cuts.weightBytes(tensor, part, traitsOf(member))),
        ),
      );
    }
    return mapped && traits.mapsWeights
      ? spanBytes(share, held.layers, () => nothingCopied)
      : allocatedBytes(share, held.layers, traits);
  });
  const pinned = pinHostWeights(settings, devices);
  const copies = (kind: GroupKind) =>
    // Inputs are read row by row, and stay as they are.
    pinned || kind === "embeddings" || kind === "input" ? nothingCopied : repacks;
  const all = allocatedBytes(held.host, held.layers, hostPadding);
  const copied = copiedBytes(held.host, held.layers, copies);
  // Tied embeddings that are multiplied with in another layout are there twice.
  const second =
    pinned || !held.tiedOnHost
      ? 0
      : sum(held.host.groups, (group) =>
          group.kind === "embeddings" ? group.copiedBytes(repacks, hostAlignment) : 0,
        );
  return {
    devices: onDevices,
    host: copied + second + (mapped ? spanBytes(held.host, held.layers, copies) : all - copied),
    hostResident: all + second,
    hostNamed: sum(held.named, (group) => group.allocatedBytes(hostPadding)),
  };
}

function allocatedBytes({ runs, groups }: Share, layers: LayerWeights, padding: Padding): number {
  let bytes = sum(groups, (group) => group.allocatedBytes(padding));
  for (const run of runs) bytes += layers.allocatedBytes(run, padding);
  return bytes;
}

type CopiesOf = (kind: GroupKind) => IsCopied;

function copiedBytes({ runs, groups }: Share, layers: LayerWeights, copies: CopiesOf): number {
  let bytes = sum(groups, (group) => group.copiedBytes(copies(group.kind), hostAlignment));
  for (const run of runs) bytes += layers.copiedBytes(run, copies("layer"), hostAlignment);
  return bytes;
}

/** As llama.cpp maps them: in each file one span, from the first tensor that isn't copied to the last. */
function spanBytes({ runs, groups }: Share, layers: LayerWeights, copies: CopiesOf): number {
  const spans = mergeSpans([
    ...runs.map((run) => layers.spans(run, copies("layer"))),
    ...groups.map((group) => group.spans(copies(group.kind))),
  ]);
  return spans.reduce((bytes, { first, last }) => bytes + last - first, 0);
}

function sum(groups: readonly WeightGroup[], bytesOf: (group: WeightGroup) => number): number {
  let bytes = 0;
  for (const group of groups) bytes += bytesOf(group);
  return bytes;
}
