/** Tensors that lie on a device, and the graph of one pass over them. */
import koffi from "koffi";
import { tensorOffsets, type Pointer } from "../structs.ts";
import type { Engine } from "../engine.ts";
import { EngineFailure } from "../engineFailure.ts";
import { askForHugePages } from "./hugePages.ts";
import type { RoofDevice, WeightsPlace } from "./roofDevice.ts";

/** A ggml context without data of its own. */
export class TensorContext {
  readonly pointer: Pointer;
  private readonly api: Engine["api"];
  private readonly device: RoofDevice;
  private buffer: Pointer | null = null;

  /** @throws {EngineFailure} at `load` */
  constructor({ api }: Engine, device: RoofDevice, tensors: number) {
    this.api = api;
    this.device = device;
    const context = api.graphContext({
      mem_size: tensors * api.tensorOverhead() + api.graphOverhead(tensors, false),
      mem_buffer: null,
      no_alloc: true,
    });
    if (context === null) throw new EngineFailure("load", "ggml could not make a context");
    this.pointer = context;
  }

  /** Gives every tensor its memory. @returns bytes. @throws {EngineFailure} at `load` where there isn't so much */
  allocate(bufferType: Pointer, usage: keyof typeof usages): number {
    const { api } = this;
    this.buffer = api.allocateTensors(this.pointer, bufferType);
    if (this.buffer === null)
      throw new EngineFailure(
        "load",
        `failed to allocate ${usage} in ${api.bufferTypeName(bufferType)}`,
      );
    api.bufferUsage(this.buffer, usages[usage]);
    const bytes = api.bufferBytes(this.buffer);
    const base = this.device.inHostMemory ? api.bufferBase(this.buffer) : null;
    // Weights that the CPU repacks lie in llama.cpp's own memory, for which it doesn't ask.
    if (base !== null && api.bufferTypeIsHost(bufferType)) askForHugePages(base, bytes);
    return bytes;
  }

  free(): void {
    if (this.buffer !== null) this.api.bufferFree(this.buffer);
    this.api.graphContextFree(this.pointer);
  }
}

/** ggml_backend_buffer_usage (ggml/include/ggml-backend.h, v0.4.0). */
const usages = { any: 0, weights: 1 } as const;

/** Columns of the activations that llama.cpp asks with (weight_buft_supported, src/llama-model-loader.cpp, v0.4.0). */
const askedColumns = 512;

const f32 = 0;

/**
 * The first place that takes weights of the type, as llama.cpp chooses it (select_weight_buft): one that is asked with a
 * buffer of no bytes, since a layout that doesn't know a type ends the process. Null where none does.
 */
export function placeOfWeights(
  engine: Engine,
  device: RoofDevice,
  { type, columns, rows }: MatrixShape,
): WeightsPlace | null {
  const { api } = engine;
  const context = new TensorContext(engine, device, 8);
  try {
    const weights = api.newMatrix(context.pointer, type, columns, rows);
    const activations = api.newMatrix(context.pointer, f32, columns, askedColumns);
    const product = api.multiply(context.pointer, weights, activations);
    return (
      device.places.find(({ device: owner, bufferType }) => {
        const empty = api.allocateBuffer(bufferType, 0);
        if (empty === null) return false;
        setBuffer(weights, empty);
        const supported = api.supportsOperation(owner, product);
        setBuffer(weights, null);
        api.bufferFree(empty);
        return supported;
      }) ?? null
    );
  } finally {
    context.free();
  }
}

export interface MatrixShape {
  /** ggml's number. */
  readonly type: number;
  readonly columns: number;
  readonly rows: number;
}

function setBuffer(tensor: Pointer, buffer: Pointer | null): void {
  koffi.encode(tensor, tensorOffsets.buffer, "void *", buffer);
}

/** The first of a device's parts that computes the operation from where its tensors lie; null where none does. */
export function computingDevice(
  { api }: Engine,
  { computing }: RoofDevice,
  operation: Pointer,
  bufferType: Pointer,
): Pointer | null {
  return (
    computing.find(
      (device) =>
        api.supportsBufferType(device, bufferType) && api.supportsOperation(device, operation),
    ) ?? null
  );
}

export function graphOf(
  { api }: Engine,
  context: TensorContext,
  results: readonly Pointer[],
): Pointer {
  const graph = api.newGraph(context.pointer, nodesOf(results.length), false);
  for (const result of results) api.expandGraph(graph, result);
  return graph;
}

/** Of operations, each with two tensors that go in. */
export function nodesOf(operations: number): number {
  return 4 * operations;
}
