/** Loads a GGUF with a placement, as llama-bench does (`to_llama_mparams`, tools/llama-bench, v0.4.0). */
import koffi from "koffi";
import { loadModeIds, splitModeIds } from "./enums.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { LoadedModel, LoadRequest } from "./protocol.ts";
import { readMemory } from "./readMemory.ts";
import type { ModelParams, Pointer } from "./structs.ts";

/** Room for llama_model_desc's text; llama-bench gives it 128. */
const descriptionBytes = 128;

export interface OpenModel {
  readonly pointer: Pointer;
  readonly answer: LoadedModel;
}

/** @throws {EngineFailure} at `load`; the child's log says why. */
export function loadModel(engine: Engine, request: LoadRequest): OpenModel {
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

function modelParams({ api, cpuOnly }: Engine, request: LoadRequest): ModelParams {
  const params = api.modelDefaultParams();
  params.n_gpu_layers = cpuOnly ? 0 : request.gpuLayers;
  params.split_mode = splitModeIds[request.splitMode];
  params.load_mode = loadModeIds[request.loadMode];
  params.main_gpu = request.mainGpu;
  params.check_tensors = request.checkTensors ?? false;
  params.no_alloc = request.noAlloc ?? false;
  params.tensor_split = tensorSplit(request.tensorSplit, api.maxDevices());
  // An empty list, where null would mean all devices.
  if (cpuOnly) params.devices = pointerList([]);
  if (request.nCpuMoe > 0) {
    params.tensor_buft_overrides = expertsOnHost(request.nCpuMoe, api.cpuBufferType());
  }
  return params;
}

/** llama.cpp reads `llama_max_devices()` proportions; all zero is its own split. */
function tensorSplit(proportions: readonly number[], maxDevices: number): Pointer {
  const values = koffi.alloc("float", maxDevices) as Pointer;
  const padded = Array.from({ length: maxDevices }, (_, index) => proportions[index] ?? 0);
  koffi.encode(values, "float", padded, maxDevices);
  return values;
}

/** A list that ends with a null, as llama.cpp's parameters expect. Lives as long as the process. */
function pointerList(pointers: readonly Pointer[]): Pointer {
  const list = koffi.alloc("void *", pointers.length + 1) as Pointer;
  koffi.encode(list, "void *", [...pointers, null], pointers.length + 1);
  return list;
}

/**
 * Keeps the experts of the first `layers` blocks on the host: one override a block, as llama-bench builds them
 * (`llm_ffn_block_regex` and `LLM_FFN_EXPS_REGEX`, common/common.h, v0.4.0).
 */
function expertsOnHost(layers: number, hostBuffer: Pointer): Pointer {
  const overrides = Array.from({ length: layers }, (_, layer) => {
    const pattern = Buffer.from(`blk\\.${layer}\\.ffn_(up|down|gate|gate_up)_(ch|)exps\0`);
    const text = koffi.alloc("uint8_t", pattern.length) as Pointer;
    koffi.encode(text, "uint8_t", [...pattern], pattern.length);
    return [text, hostBuffer];
  });
  const flat = [...overrides.flat(), null, null];
  const list = koffi.alloc("void *", flat.length) as Pointer;
  koffi.encode(list, "void *", flat, flat.length);
  return list;
}
