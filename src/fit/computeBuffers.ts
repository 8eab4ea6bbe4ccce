/**
 * The compute buffers: what one batch's intermediate results take on each device and on the host. llama.cpp sizes them
 * by building the graph of the largest batch and laying it out; so is it done here.
 */
import { getOrMake } from "../base/getOrMake.ts";
import { bytesOf, ggmlTypes } from "../gguf/ggmlTypes.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import { hostAlignment, type BackendTraits } from "./backendTraits.ts";
import { boundedCells } from "./caches/shapeCells.ts";
import { traitsOf } from "./deviceTraits.ts";
import { ContextLayouts, ModelLayouts, type CopyBytes } from "./contextLayouts.ts";
import { allocateGraph, type BufferKind, type Sizes } from "./graph/allocateGraph.ts";
import { llamaGraph } from "./graph/llamaGraph.ts";
import type { MemoryLog } from "./graph/memoryLog.ts";
import { scheduleGraph, type Backend } from "./graph/scheduleGraph.ts";
import { graphPlan, type GraphPlaces } from "./graphPlan.ts";
import { graphWeights } from "./graphWeights.ts";
import { plainHost, type HostTraits } from "./hostTraits.ts";
import { decidingHost, knownLayouts, type KnownLayouts } from "./knownLayouts.ts";
import { laidOutForm, laidOutRuns, type GraphDetail } from "./laidOutRuns.ts";
import type { LayerPlacement } from "./layerPlacement.ts";
import { devicesForm, type MemoryDevice } from "./memoryDevice.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";
import { tensorNamed } from "./modelParts.ts";
import { namedPlaces } from "./namedPlaces.ts";

export interface ComputeBuffers {
  /** Bytes, by device. */
  readonly devices: readonly number[];
  readonly host: number;
}

/** Of one placement, at any context. */
export class ComputeSizes {
  private readonly model: MemoryModel;
  private readonly settings: MemorySettings;
  private readonly placement: LayerPlacement;
  private readonly devices: readonly MemoryDevice[];
  private readonly host: HostTraits;
  private readonly known: KnownLayouts;
  /** By tokens of a batch. */
  private readonly layouts = {
    exact: new Map<number, ModelLayouts>(),
    sampled: new Map<number, ModelLayouts>(),
    rough: new Map<number, ModelLayouts>(),
  };

  constructor(
    model: MemoryModel,
    settings: MemorySettings,
    placement: LayerPlacement,
    devices: readonly MemoryDevice[],
    host: HostTraits,
  ) {
    this.model = model;
    this.settings = settings;
    this.placement = placement;
    this.devices = devices;
    this.host = decidingHost(model, settings, devices, host);
    this.known = knownLayouts(model, devices);
  }

  /** The same question is asked again and again: by each machine, each quantization, each case of a sweep. */
  at(nCtx: number, detail: GraphDetail): ComputeBuffers {
    const nTokens = Math.min(this.settings.nUbatch, this.settings.nBatch, nCtx);
    const layouts = getOrMake(this.layouts[detail], nTokens, () => this.layoutsOf(nTokens, detail));
    const bytes = layouts.at(paddedContext(nCtx));
    return { devices: bytes.slice(0, -1), host: bytes.at(-1) ?? 0 };
  }

  private layoutsOf(nTokens: number, detail: GraphDetail): ModelLayouts {
    const { ofShape, ofModel } = this.known;
    const key = `${this.keyOf(detail)};${nTokens}`;
    return getOrMake(ofModel, key, () => {
      const kinds = bufferKinds(this.devices);
      const shared = getOrMake(ofShape, key, () => this.newLayouts(nTokens, kinds, detail));
      return new ModelLayouts(shared, copyBytes(this.model, kinds));
    });
  }

  private newLayouts(
    nTokens: number,
    kinds: readonly BufferKind[],
    detail: GraphDetail,
  ): ContextLayouts {
    const { model, settings, placement, devices } = this;
    const { shape } = model;
    const { repacks } = this.host;
    const range = { least: paddedContext(nTokens), most: paddedContext(shape.n_ctx_train) };
    return new ContextLayouts(range, kinds, (nCtx) => {
      const at = (nUbatch: number) =>
        layOut(model, { ...settings, nCtx, nUbatch }, placement, kinds, {
          devices,
          repacks,
          detail,
        });
      return {
        boundedCells: boundedCells(shape, { ...settings, nCtx }),
        logs: singleTokenCounts(settings, nTokens) ? [at(nTokens), at(1)] : [at(nTokens)],
      };
    });
  }

  private keyOf(detail: GraphDetail): string {
    const { typeK, typeV, flashAttn, noKvOffload, noOpOffload, splitMode } = this.settings;
    return [
      devicesForm(this.devices),
      laidOutForm(this.placement, this.model.shape, this.settings, detail),
      this.placement.places.at(-1),
      this.placement.nGpuLayers > this.model.placedLayers,
      typeK,
      typeV,
      flashAttn,
      noKvOffload,
      noOpOffload,
      namedPlaces(this.settings, this.devices).form,
      splitMode,
      this.repackedForm(detail),
    ].join(";");
  }

  private repackedForm(detail: GraphDetail): string {
    const { model, settings, placement, devices, host } = this;
    if (host === plainHost) return "";
    const weights = graphWeights(model, settings, { devices, repacks: host.repacks });
    return weights.repackedForm(placement, laidOutRuns(placement, model.shape, settings, detail));
  }
}

/**
 * llama.cpp lays out a batch and a single token, and keeps the larger buffer of each place. What a device does for a
 * batch the host does for a single token: that is the larger one where batches are small, or F32 caches are copied.
 */
function singleTokenCounts({ typeK, typeV }: MemorySettings, nTokens: number): boolean {
  return nTokens < smallBatch || typeK === "f32" || typeV === "f32";
}

const smallBatch = 64;

/** By the model's own types, whichever model of its shape was laid out. */
function copyBytes(model: MemoryModel, kinds: readonly BufferKind[]): CopyBytes {
  return (weight, buffer) => {
    const { type, dims } = tensorNamed(model, weight.name) ?? weight;
    const whole = bytesOf(type, dims);
    return kinds[buffer]?.bytesOf({ type, ne: dims, home: -1, bytes: whole }) ?? whole;
  };
}

function layOut(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  kinds: readonly BufferKind[],
  places: GraphPlaces,
): MemoryLog {
  const plan = graphPlan(model, settings, placement, places);
  const { devices } = places;
  const scheduled = scheduleGraph(llamaGraph(plan), {
    backends: [...devices.map((device) => deviceBackend(device, model, settings)), hostBackend],
    copies: overlaps(model, settings, placement, devices) ? overlappedCopies : 1,
  });
  return allocateGraph(scheduled, kinds);
}

/** The devices', and the host's behind them. */
function bufferKinds(devices: readonly MemoryDevice[]): BufferKind[] {
  const traits = devices.map(traitsOf);
  const [first] = traits;
  const host: BufferKind = {
    alignment: hostAlignment,
    // Pinned memory is the first device's.
    maxChunkBytes: first?.hostBuffer === true ? first.maxChunkBytes : Infinity,
    bytesOf: ({ bytes }) => bytes,
  };
  return [...traits.map(deviceBuffer), host];
}

const hostBackend: Backend = {
  maxTensorBytes: Infinity,
  multipliesStrided: true,
  mixesStreams: true,
  flashAttends: () => true,
  offloads: () => false,
  order: null,
};

function deviceBackend(
  device: MemoryDevice,
  { known }: MemoryModel,
  { noOpOffload }: MemorySettings,
): Backend {
  const { maxTensorBytes = Infinity } = device;
  const traits = traitsOf(device);
  // The heads of a graph that only resembles the model's are not the model's.
  const flashAttends = known ? traits.flashAttends : () => true;
  const offloads = noOpOffload ? () => false : traits.offloads;
  return { ...traits, maxTensorBytes, flashAttends, offloads };
}

function deviceBuffer({ alignment, maxChunkBytes, rowPadding }: BackendTraits): BufferKind {
  return {
    alignment,
    maxChunkBytes,
    bytesOf: (tensor) => tensor.bytes + paddingOf(tensor, rowPadding),
  };
}

function paddingOf({ type, ne, home }: Sizes, rowPadding: number): number {
  if (home !== -1 || ggmlTypes[type].blockSize === 1) return 0;
  const [row = 0] = ne;
  return bytesOf(type, [alignTo(row, rowPadding) - row]);
}

/** GGML_SCHED_MAX_COPIES, ggml/src/ggml-backend.cpp, v0.4.0. */
const overlappedCopies = 4;

/** Whether batches overlap over several devices (`pipeline_parallel`, src/llama-context.cpp, v0.4.0). */
function overlaps(
  { placedLayers }: MemoryModel,
  { splitMode, noKvOffload, nCpuMoe, tensorOverrides }: MemorySettings,
  { nGpuLayers }: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  return (
    devices.length > 1 &&
    nGpuLayers > placedLayers &&
    splitMode === "layer" &&
    !noKvOffload &&
    nCpuMoe === 0 &&
    tensorOverrides.length === 0
  );
}
