/** A device of llama.cpp's that computes by itself, and the places that it would put weights in, best first. */
import koffi from "koffi";
import { isSoftwareDevice } from "../../../machine/offloadDevice.ts";
import { deviceTypes } from "../enums.ts";
import type { Engine } from "../engine.ts";
import { EngineFailure } from "../engineFailure.ts";
import type { Pointer } from "../structs.ts";
import { cpuFunction, newThreadpool, type ThreadpoolRequest } from "../threadpool.ts";

export interface WeightsPlace {
  readonly device: Pointer;
  readonly bufferType: Pointer;
  /** Whether tensors lie in it as in a file, and part by part can be set: not in a layout of the device's own. */
  readonly isPlain: boolean;
}

export interface RoofDevice {
  /** llama.cpp's name; `host` for the CPU, as buffers have it. */
  readonly name: string;
  /** Whether the processor's caches stand before its memory: of the CPU, and of a driver that computes on it. */
  readonly onProcessor: boolean;
  /** Whether its tensors lie in this process's own memory. */
  readonly inHostMemory: boolean;
  /** In the order that llama.cpp asks them in (make_cpu_buft_list, make_gpu_buft_list, src/llama-model.cpp, v0.4.0). */
  readonly places: readonly WeightsPlace[];
  /** What computes, in the order that llama.cpp's scheduler asks them in: an accelerator before the CPU that it helps. */
  readonly computing: readonly Pointer[];
  /** Where what goes in and comes out of an operation lies. */
  readonly activations: Pointer;
}

/** @param name llama.cpp's name of a device; null for the CPU. @throws {EngineFailure} at `engine` for one that isn't there. */
export function roofDevice({ api }: Engine, name: string | null): RoofDevice {
  const devices = Array.from({ length: api.deviceCount() }, (_, index) => api.device(index));
  const ofType = (type: (typeof deviceTypes)[number]) =>
    devices.filter((device) => deviceTypes[api.deviceType(device)] === type);
  const ownPlace = (device: Pointer): WeightsPlace[] => {
    const bufferType = api.deviceBufferType(device);
    return bufferType === null ? [] : [{ device, bufferType, isPlain: true }];
  };
  const found = devices.find((device) => api.deviceName(device) === name);
  if (found !== undefined) {
    const places = [...ownPlace(found), ...extraPlaces(api, found)];
    return {
      name: name ?? "",
      onProcessor: isSoftwareDevice({ description: api.deviceDescription(found) }),
      inHostMemory: false,
      places,
      computing: [found],
      activations: activationsOf(places),
    };
  }
  const [cpu] = ofType("cpu");
  if (name !== null || cpu === undefined)
    throw new EngineFailure("engine", `llama.cpp has no device ${name ?? "CPU"} here`);
  const accelerators = ofType("accel");
  const plain = ownPlace(cpu);
  const own = activationsOf(plain);
  return {
    name: "host",
    onProcessor: true,
    inHostMemory: true,
    places: [
      ...accelerators.flatMap(ownPlace).filter(({ bufferType }) => bufferType !== own),
      ...extraPlaces(api, cpu),
      ...plain,
    ],
    computing: [...accelerators, cpu],
    activations: own,
  };
}

function activationsOf([place]: readonly WeightsPlace[]): Pointer {
  if (place === undefined) throw new EngineFailure("engine", "the device holds no tensors");
  return place.bufferType;
}

/** Layouts of a device's own, which some of its operations take weights in. */
function extraPlaces(api: Engine["api"], device: Pointer): WeightsPlace[] {
  const address = api.procAddress(api.deviceRegistry(device), "ggml_backend_dev_get_extra_bufts");
  if (address === null) return [];
  const list = koffi.call(address, extraPrototype, device) as Pointer | null;
  const places: WeightsPlace[] = [];
  if (list === null) return places;
  for (let index = 0; ; index++) {
    const bufferType = koffi.decode(list, index * pointerBytes, "void *") as Pointer | null;
    if (bufferType === null) return places;
    places.push({ device, bufferType, isPlain: false });
  }
}

const extraPrototype = koffi.proto("void *ggml_backend_dev_get_extra_bufts(void *device)");
const setThreadpoolPrototype = koffi.proto(
  "void ggml_backend_cpu_set_threadpool(void *backend, void *threadpool)",
);
const setThreadsPrototype = koffi.proto(
  "void ggml_backend_set_n_threads(void *backend, int n_threads)",
);
const pointerBytes = koffi.sizeof("void *");

export interface OpenBackend {
  readonly pointer: Pointer;
  close(): void;
}

/** @throws {EngineFailure} at `context` */
export function openBackend(
  engine: Engine,
  device: Pointer,
  request: ThreadpoolRequest,
): OpenBackend {
  const { api } = engine;
  const backend = api.backendInit(device, null);
  if (backend === null)
    throw new EngineFailure("context", `llama.cpp could not start ${api.deviceName(device)}`);
  const setThreads = api.procAddress(api.deviceRegistry(device), "ggml_backend_set_n_threads");
  if (setThreads !== null) koffi.call(setThreads, setThreadsPrototype, backend, request.nThreads);
  if (deviceTypes[api.deviceType(device)] !== "cpu")
    return { pointer: backend, close: () => api.backendFree(backend) };
  const pool = newThreadpool(engine, request);
  koffi.call(
    cpuFunction(engine, "ggml_backend_cpu_set_threadpool"),
    setThreadpoolPrototype,
    backend,
    pool.pointer,
  );
  return {
    pointer: backend,
    close() {
      api.backendFree(backend);
      pool.free();
    },
  };
}
