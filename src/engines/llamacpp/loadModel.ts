/** Loads a GGUF with a placement, as llama-bench does (`to_llama_mparams`, tools/llama-bench, v0.4.0). */
import koffi from "koffi";
import type { DeviceList } from "../../bench/settings.ts";
import type { TensorOverride } from "../../bench/tensorOverrides.ts";
import { offloadTargets } from "../../machine/offloadDevice.ts";
import type { LlamaApi } from "./api.ts";
import { deviceTypes, lazyModeIds, loadModeIds, splitModeIds } from "./enums.ts";
import { pointersOf, type Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { LoadedModel, ModelRequest } from "./protocol.ts";
import { readMemory } from "./readMemory.ts";
import type { ModelParams, Pointer } from "./structs.ts";

/** Room for llama_model_desc's text; llama-bench gives it 128. */
const descriptionBytes = 128;

export interface OpenModel {
  readonly pointer: Pointer;
  readonly answer: LoadedModel;
}

/** @throws {EngineFailure} at `load`; the child's log says why. */
export function loadModel(engine: Engine, request: ModelRequest): OpenModel {
  const { api } = engine;
  const start = readMemory(engine);
  const started = performance.now();
  const pointer = api.modelLoad(request.path, modelParams(engine, request));
  const loadMs = performance.now() - started;
  if (pointer === null) throw new EngineFailure("load", "llama.cpp could not load the model");

  const text = new Uint8Array(descriptionBytes);
  const length = api.modelDesc(pointer, text, text.length);
  return {
    pointer,
    answer: {
      model_type: Buffer.from(text.subarray(0, Math.min(length, text.length - 1))).toString(),
      model_size: api.modelSize(pointer),
      model_n_params: api.modelParameters(pointer),
      n_layers: api.modelLayers(pointer),
      load_ms: loadMs,
      memory: { start, loaded: readMemory(engine) },
    },
  };
}

function modelParams(engine: Engine, request: ModelRequest): ModelParams {
  const { api } = engine;
  const hostOnly = engine.cpuOnly && engine.rpc === null;
  const params = api.modelDefaultParams();
  params.n_gpu_layers = hostOnly ? 0 : request.gpuLayers;
  params.split_mode = splitModeIds[request.splitMode];
  params.load_mode = loadModeIds[request.loadMode];
  params.lazy_mode = lazyModeIds[request.lazyMode];
  params.main_gpu = request.mainGpu;
  params.no_host = request.noHost;
  params.check_tensors = request.checkTensors ?? false;
  params.no_alloc = request.noAlloc ?? false;
  params.tensor_split = tensorSplit(request.tensorSplit, api.maxDevices());
  params.devices = hostOnly
    ? pointerList([])
    : request.devices === "auto" && request.splitMode === "tensor"
      ? joinedDevices(api)
      : deviceList(engine, request.devices);
  params.tensor_buft_overrides = overrideList([
    ...placedByName(engine, request.tensorOverrides),
    ...expertsOnHost(request.nCpuMoe, api.cpuBufferType()),
  ]);
  return params;
}

/**
 * Left to itself llama.cpp shares every layer between all devices, an integrated GPU beside others too
 * (llama_prepare_model_devices, src/llama.cpp, v0.4.0): with layers of their own it leaves that one out.
 */
function joinedDevices(api: LlamaApi): Pointer | null {
  const all = Array.from({ length: api.deviceCount() }, (_, index) => {
    const pointer = api.device(index);
    return { pointer, type: deviceTypes[api.deviceType(pointer)] ?? "accel" };
  });
  const gpus = all.filter(({ type }) => type === "gpu" || type === "igpu");
  const targets = offloadTargets(gpus);
  return targets.length === gpus.length ? null : pointerList(targets.map(({ pointer }) => pointer));
}

/** llama.cpp reads `llama_max_devices()` proportions; all zero is its own split. */
function tensorSplit(proportions: readonly number[], maxDevices: number): Pointer {
  const values = koffi.alloc("float", maxDevices) as Pointer;
  const padded = Array.from({ length: maxDevices }, (_, index) => proportions[index] ?? 0);
  koffi.encode(values, "float", padded, maxDevices);
  return values;
}

/** Null leaves the choice to llama.cpp, an empty list takes none. @throws {EngineFailure} for a name that isn't there. */
function deviceList({ api }: Engine, names: DeviceList): Pointer | null {
  if (names === "auto") return null;
  const known = new Map(pointersOf(api).map((device) => [api.deviceName(device), device]));
  return pointerList(names.map((name) => known.get(name) ?? refuse(`no device ${name}`, known)));
}

interface PlacedTensors {
  readonly pattern: string;
  readonly buffer: Pointer;
}

/** Each device has one buffer type that weights may be placed in. @throws {EngineFailure} for one that isn't there. */
function placedByName(
  { api }: Engine,
  overrides: readonly TensorOverride[],
): readonly PlacedTensors[] {
  if (overrides.length === 0) return [];
  const types = pointersOf(api).flatMap((device) => api.deviceBufferType(device) ?? []);
  const known = new Map(types.map((type) => [api.bufferTypeName(type), type]));
  return overrides.map(({ pattern, buffer }) => ({
    pattern,
    buffer: known.get(buffer) ?? refuse(`no buffer type ${buffer}`, known),
  }));
}

function refuse(what: string, known: ReadonlyMap<string, Pointer>): never {
  throw new EngineFailure("load", `${what}: llama.cpp has ${[...known.keys()].join(", ")}`);
}

/** One pattern a block, as llama-bench builds them (`llm_ffn_block_regex` and `LLM_FFN_EXPS_REGEX`, common/common.h, v0.4.0). */
function expertsOnHost(layers: number, buffer: Pointer): readonly PlacedTensors[] {
  return Array.from({ length: layers }, (_, layer) => ({
    pattern: `blk\\.${layer}\\.ffn_(up|down|gate|gate_up)_(ch|)exps`,
    buffer,
  }));
}

/** Pairs of a pattern and a buffer type; none is no list, as llama.cpp looks at whether there is one. */
function overrideList(placed: readonly PlacedTensors[]): Pointer | null {
  if (placed.length === 0) return null;
  return pointerList([...placed.flatMap(({ pattern, buffer }) => [cText(pattern), buffer]), null]);
}

/** A list that ends with a null, as llama.cpp's parameters expect. Lives as long as the process. */
function pointerList(pointers: readonly (Pointer | null)[]): Pointer {
  const list = koffi.alloc("void *", pointers.length + 1) as Pointer;
  koffi.encode(list, "void *", [...pointers, null], pointers.length + 1);
  return list;
}

function cText(text: string): Pointer {
  const bytes = Buffer.from(`${text}\0`);
  const copy = koffi.alloc("uint8_t", bytes.length) as Pointer;
  koffi.encode(copy, "uint8_t", [...bytes], bytes.length);
  return copy;
}
