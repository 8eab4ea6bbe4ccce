/**
 * The compute buffers: what one batch's intermediate results take on each device and on the host. llama.cpp sizes them
 * by building the graph of the largest batch and laying it out; so is it done here.
 */
import { bytesOf, ggmlTypes } from "../gguf/ggmlTypes.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import { backendOf, backendTraits, hostAlignment, type BackendTraits } from "./backendTraits.ts";
import { allocateGraph, type BufferKind } from "./graph/allocateGraph.ts";
import type { GraphTensor } from "./graph/graphTensor.ts";
import { llamaGraph } from "./graph/llamaGraph.ts";
import { scheduleGraph, type Backend } from "./graph/scheduleGraph.ts";
import { graphPlan, sampledForm, type Detail, type GraphDetail } from "./graphPlan.ts";
import type { LayerPlacement, MemoryDevice } from "./layerPlacement.ts";
import type { MemoryModel } from "./memoryModel.ts";
import { paddedContext, type MemorySettings } from "./memorySettings.ts";

export interface ComputeBuffers {
  /** By device. */
  readonly devices: readonly number[];
  readonly host: number;
}

export function computeBuffers(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
  detail: Detail,
): ComputeBuffers {
  switch (detail) {
    case "exact":
      return layOut(model, settings, placement, devices, detail);
    case "sampled":
      return sampled(model, settings, placement, devices);
    case "interpolated":
      return interpolated(settings.nCtx, (nCtx) =>
        sampled(model, { ...settings, nCtx }, placement, devices),
      );
    default:
      return detail satisfies never;
  }
}

/** Between sizes the largest sum of buffers grows in straight lines, or steeper: never is it above the line taken. */
function interpolated(nCtx: number, at: (nCtx: number) => ComputeBuffers): ComputeBuffers {
  const octave = 2 ** Math.floor(Math.log2(nCtx));
  const [low, high] = nCtx < 1.5 * octave ? [octave, 1.5 * octave] : [1.5 * octave, 2 * octave];
  const below = at(low);
  if (low === nCtx) return below;
  const above = at(high);
  const share = (nCtx - low) / (high - low);
  const between = (a: number, b: number) => Math.ceil(a + share * (b - a));
  return {
    devices: below.devices.map((bytes, index) => between(bytes, above.devices[index] ?? bytes)),
    host: between(below.host, above.host),
  };
}

function sampled(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
): ComputeBuffers {
  const known = answersFor(model, placement, devices);
  const key = answerKey(settings, placement, devices);
  const answer = known.get(key) ?? layOut(model, settings, placement, devices, "sampled");
  known.set(key, answer);
  return answer;
}

/** With all layers on devices, shape alone decides; else weights are copied there, and their types count too. */
function answersFor(
  model: MemoryModel,
  { nGpuLayers }: LayerPlacement,
  devices: readonly MemoryDevice[],
): Map<string, ComputeBuffers> {
  const byShape = devices.length === 0 || nGpuLayers > model.shape.n_layers;
  const owner = byShape && !devices.some(isLimited) ? model.shape : model;
  const known = answers.get(owner) ?? new Map<string, ComputeBuffers>();
  answers.set(owner, known);
  return known;
}

const answers = new WeakMap<object, Map<string, ComputeBuffers>>();

const isLimited = ({ maxTensorBytes }: MemoryDevice) => maxTensorBytes !== undefined;

function answerKey(
  settings: MemorySettings,
  { places, nGpuLayers }: LayerPlacement,
  devices: readonly MemoryDevice[],
): string {
  const { nCtx, nBatch, nUbatch, typeK, typeV, flashAttn, noKvOffload, nCpuMoe } = settings;
  return [
    ...devices.map(({ name, maxTensorBytes }) => `${backendOf(name)}<${maxTensorBytes}`),
    sampledForm(places),
    Math.min(nUbatch, nBatch, nCtx),
    paddedContext(nCtx),
    typeK,
    typeV,
    flashAttn,
    noKvOffload,
    nCpuMoe,
    settings.splitMode,
    nGpuLayers > places.length - 1,
  ].join(";");
}

function layOut(
  model: MemoryModel,
  settings: MemorySettings,
  placement: LayerPlacement,
  devices: readonly MemoryDevice[],
  detail: GraphDetail,
): ComputeBuffers {
  const traits = devices.map(({ name }) => backendTraits[backendOf(name)]);
  const plan = graphPlan(model, settings, placement, devices, detail);
  const scheduled = scheduleGraph(llamaGraph(plan), {
    backends: [
      ...devices.map((device, index) => deviceBackend(device, traits[index])),
      hostBackend,
    ],
    copies: overlaps(model, settings, placement, devices) ? overlappedCopies : 1,
  });
  const host: BufferKind = {
    alignment: hostAlignment,
    // Pinned memory is the first device's.
    maxChunkBytes: traits[0]?.hostBuffer === true ? traits[0].maxChunkBytes : Infinity,
    bytesOf: ({ bytes }) => bytes,
  };
  const bytes = allocateGraph(scheduled, [...traits.map(deviceBuffer), host]);
  return { devices: bytes.slice(0, -1), host: bytes.at(-1) ?? 0 };
}

const hostBackend: Backend = {
  maxTensorBytes: Infinity,
  offloadRows: null,
  order: null,
};

function deviceBackend(device: MemoryDevice, traits: BackendTraits | undefined): Backend {
  return {
    maxTensorBytes: device.maxTensorBytes ?? Infinity,
    offloadRows: traits?.offloadRows ?? null,
    order: traits?.order ?? null,
  };
}

function deviceBuffer({ alignment, maxChunkBytes, rowPadding }: BackendTraits): BufferKind {
  return {
    alignment,
    maxChunkBytes,
    bytesOf: (tensor) => tensor.bytes + paddingOf(tensor, rowPadding),
  };
}

function paddingOf({ type, ne, home }: GraphTensor, rowPadding: number): number {
  if (home !== -1 || ggmlTypes[type].blockSize === 1) return 0;
  const [row = 0] = ne;
  return bytesOf(type, [alignTo(row, rowPadding) - row]);
}

/** GGML_SCHED_MAX_COPIES, ggml/src/ggml-backend.cpp, v0.4.0. */
const overlappedCopies = 4;

/** Whether batches overlap over several devices (`pipeline_parallel`, src/llama-context.cpp, v0.4.0). */
function overlaps(
  { shape }: MemoryModel,
  { splitMode, noKvOffload, nCpuMoe }: MemorySettings,
  { nGpuLayers }: LayerPlacement,
  devices: readonly MemoryDevice[],
): boolean {
  return (
    devices.length > 1 &&
    nGpuLayers > shape.n_layers &&
    splitMode === "layer" &&
    !noKvOffload &&
    nCpuMoe === 0
  );
}
