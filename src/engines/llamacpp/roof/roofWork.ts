/** What `copy`, `read` and `matmul` compute in one pass, laid out on a device and filled. */
import { ggmlTypes, matrixTypeNamed, type GgmlTypeName } from "../../../gguf/ggmlTypes.ts";
import { lastLevelCacheBytes } from "../../../machine/lastLevelCache.ts";
import type { MachineWorkload } from "../../../bench/workload.ts";
import type { Engine } from "../engine.ts";
import { EngineFailure } from "../engineFailure.ts";
import type { Pointer } from "../structs.ts";
import { productInputs } from "./matmulShape.ts";
import { RandomTensors } from "./randomTensors.ts";
import { matrixBytes, readColumns, readMatrix } from "./readShape.ts";
import type { RoofDevice } from "./roofDevice.ts";
import { computingDevice, graphOf, nodesOf, placeOfWeights, TensorContext } from "./roofGraph.ts";

export interface RoofWork {
  readonly graph: Pointer;
  readonly device: Pointer;
  /** Bytes that a pass reads, or reads and writes; null where operations count. */
  readonly passBytes: number | null;
  readonly buffers: RoofBuffers;
  /** One of the results that a pass leaves. */
  readonly result: RoofResult;
  /** Of the cache that is exceeded, where nobody tells it and it is assumed. */
  readonly assumedCacheBytes: number | null;
  free(): void;
}

export interface RoofBuffers {
  /** llama.cpp's name of the place that it would put such weights in; null of a copy, which has none. */
  readonly weightsIn: string | null;
  readonly weightsBytes: number;
  /** Of what goes in and comes out. */
  readonly computeBytes: number;
}

export interface RoofResult {
  readonly tensor: Pointer;
  readonly bytes: number;
  /** What it must be equal to; null for a product, which is only known to be finite and spread out. */
  readonly equals: Pointer | null;
}

/** So many times what caches hold is read, so that little of it is found in them. */
const timesCache = 4;

/** No processor that is sold for this holds less in its last cache, and few more. */
const assumedCpuCache = 64 * 2 ** 20;

/** No API of ggml's tells a GPU's: the largest of consumer cards holds 96 MiB (RTX 5090, RX 7900 XTX), of servers' 126 MiB (B200). */
const assumedGpuCache = 128 * 2 ** 20;

const floatBytes = 4;

/** ggml counts what it copies in 32 bits (ggml_compute_forward_dup_same_cont, ggml/src/ggml-cpu/ops.cpp, v0.4.0): 8 GB of floats. */
const largestCopy = 4 * 2 ** 30;

/** They lie in a device's plain memory. */
const activations = { type: "f32", deviation: 1, inParts: true } as const;

interface Sized {
  readonly bytes: number;
  readonly assumedCacheBytes: number | null;
}

function sizeFor({ onProcessor }: RoofDevice): Sized {
  const told = onProcessor ? lastLevelCacheBytes() : null;
  const assumed = onProcessor ? assumedCpuCache : assumedGpuCache;
  return {
    bytes: timesCache * (told ?? assumed),
    assumedCacheBytes: told === null ? assumed : null,
  };
}

/** @throws {EngineFailure} at `support` for what the device doesn't compute, `load` where memory is short. */
export function layOut(
  engine: Engine,
  device: RoofDevice,
  workload: MachineWorkload,
  seed: number,
): RoofWork {
  switch (workload.kind) {
    case "copy":
      return copyWork(engine, device, seed);
    case "read": {
      const { bytes, assumedCacheBytes } = sizeFor(device);
      const type = typeNamed(workload.type);
      const matrix = readMatrix(type);
      const count = Math.ceil(bytes / matrix.bytes);
      const work = productWork(engine, device, { type, ...matrix, count, inputs: [1] }, seed);
      return { ...work, passBytes: count * matrix.bytes, assumedCacheBytes };
    }
    case "matmul": {
      const { size, type } = workload;
      const inputs = productInputs(size);
      const shape = { type: typeNamed(type), columns: size, rows: size, count: 1, inputs };
      const work = productWork(engine, device, shape, seed);
      return { ...work, passBytes: null, assumedCacheBytes: null };
    }
    default:
      return workload satisfies never;
  }
}

/** @throws {EngineFailure} at `support` for a type that ggml hasn't */
function typeNamed(name: string): GgmlTypeName {
  const type = matrixTypeNamed(name);
  if (type === undefined)
    throw new EngineFailure("support", `ggml has no matrices of type ${name}`);
  return type;
}

interface ProductShape {
  readonly type: GgmlTypeName;
  /** Of each matrix of weights. */
  readonly columns: number;
  readonly rows: number;
  /** Different matrices. */
  readonly count: number;
  /** Vectors that each of them is multiplied with, by the operation that multiplies them. */
  readonly inputs: readonly number[];
}

function productWork(
  engine: Engine,
  device: RoofDevice,
  { type, columns: width, rows, count, inputs: widths }: ProductShape,
  seed: number,
): Omit<RoofWork, "passBytes" | "assumedCacheBytes"> {
  const { api } = engine;
  const { id } = ggmlTypes[type];
  const place = placeOfWeights(engine, device, { type: id, columns: width, rows });
  const unsupported = new EngineFailure(
    "support",
    `${device.name === "host" ? "the CPU" : device.name} multiplies no matrices of ${type.toLowerCase()}`,
  );
  if (place === null) throw unsupported;
  const weights = new TensorContext(engine, device, count + 1);
  const others = new TensorContext(engine, device, nodesOf(count * widths.length));
  const free = () => {
    others.free();
    weights.free();
  };
  try {
    const matrices = Array.from({ length: count }, () =>
      api.newMatrix(weights.pointer, id, width, rows),
    );
    const weightsBytes = weights.allocate(place.bufferType, "weights");
    const inputs = widths.map((vectors) => ({
      vectors,
      tensor: api.newMatrix(others.pointer, ggmlTypes.f32.id, width, vectors),
    }));
    const products = matrices.flatMap((matrix) =>
      inputs.map(({ vectors, tensor }) => ({
        bytes: rows * vectors * floatBytes,
        tensor: api.multiply(others.pointer, matrix, tensor),
      })),
    );
    const computeBytes = others.allocate(device.activations, "any");
    const [first] = products;
    const [last] = products.slice(-1);
    const computing =
      first === undefined ? null : computingDevice(engine, device, first.tensor, place.bufferType);
    if (computing === null || last === undefined) throw unsupported;
    const random = new RandomTensors(api, seed);
    // Products of such a width are of the size of one.
    for (const matrix of matrices)
      random.fill(matrix, {
        type,
        elements: width * rows,
        deviation: width ** -0.5,
        inParts: place.isPlain,
      });
    for (const { vectors, tensor } of inputs)
      random.fill(tensor, { ...activations, elements: width * vectors });
    const results = products.map(({ tensor }) => tensor);
    return {
      graph: graphOf(engine, others, results),
      device: computing,
      buffers: { weightsIn: api.bufferTypeName(place.bufferType), weightsBytes, computeBytes },
      result: { ...last, equals: null },
      free,
    };
  } catch (error) {
    free();
    throw error;
  }
}

function copyWork(engine: Engine, device: RoofDevice, seed: number): RoofWork {
  const { api } = engine;
  const { bytes, assumedCacheBytes } = sizeFor(device);
  // The CPU's threads share one array, as in STREAM; some GPUs take no larger ones.
  const each = Math.min(bytes, device.name === "host" ? largestCopy : matrixBytes);
  const count = Math.ceil(bytes / each);
  const rows = Math.floor(each / floatBytes / readColumns);
  const others = new TensorContext(engine, device, nodesOf(count));
  try {
    const newArray = () => api.newMatrix(others.pointer, ggmlTypes.f32.id, readColumns, rows);
    const pairs = Array.from({ length: count }, () => ({ from: newArray(), to: newArray() }));
    const copies = pairs.map(({ from, to }) => api.copyInto(others.pointer, from, to));
    const computeBytes = others.allocate(device.activations, "any");
    const [first] = copies;
    const [last] = pairs.slice(-1);
    const computing =
      first === undefined ? null : computingDevice(engine, device, first, device.activations);
    if (computing === null || last === undefined)
      throw new EngineFailure("support", `${device.name} copies no tensors`);
    const random = new RandomTensors(api, seed);
    for (const { from } of pairs)
      random.fill(from, { ...activations, elements: readColumns * rows });
    const arrayBytes = readColumns * rows * floatBytes;
    return {
      graph: graphOf(engine, others, copies),
      device: computing,
      passBytes: 2 * count * arrayBytes,
      buffers: { weightsIn: null, weightsBytes: 0, computeBytes },
      result: { tensor: last.to, bytes: arrayBytes, equals: last.from },
      assumedCacheBytes,
      free: () => others.free(),
    };
  } catch (error) {
    others.free();
    throw error;
  }
}
