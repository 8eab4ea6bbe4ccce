/** The child's engine: one llama.cpp build, loaded, bound, checked, its log on stderr. */
import { LlmbenchError } from "../../errors.ts";
import { bindLlama, type LlamaApi } from "./api.ts";
import { deviceTypes } from "./enums.ts";
import type { EngineDevice } from "../../bench/engineInfo.ts";
import { checkLayouts } from "./layoutGate.ts";
import type { LoadedEngine } from "./libraries.ts";
import type { LlamaInfo } from "./llamaInfo.ts";
import type { EngineDeviceChoice } from "./protocol.ts";
import { canReopen, reopenEngine, requireSameDevices, type FoundEngine } from "./reopenEngine.ts";
import { bindRpc, type Rpc } from "./rpc/bindRpc.ts";
import type { ServerList } from "./rpc/serverList.ts";
import { layoutPackageVersion, type Pointer } from "./structs.ts";

export interface Engine {
  readonly api: LlamaApi;
  /** Null where no other machine takes part. */
  readonly rpc: Rpc | null;
  /** True for `--device cpu`: no device may be used, whatever the build sees. */
  readonly cpuOnly: boolean;
  readonly info: LlamaInfo;
}

/**
 * @param found by an earlier child for the same device
 * @param servers other machines whose devices take part
 * @throws {LlmbenchError} `engine` when the device has no build here or sees no GPU.
 */
export async function openEngine(
  device: EngineDeviceChoice,
  found: FoundEngine | null,
  servers: ServerList | null = null,
): Promise<Engine> {
  const known = canReopen() ? found : null;
  const loaded = known === null ? await choose(device) : reopenEngine(known);
  const api = bindLlama(loaded.libraries);
  checkLayouts(api);
  api.logSet(null, null);
  const cpuOnly = device === "cpu";
  const info = describe(api, loaded, cpuOnly);
  if (known !== null) requireSameDevices(known, info.devices);
  if (device !== "auto" && info.backend !== device) {
    throw new LlmbenchError("engine", `llama.cpp's ${device} build loads here, and sees no GPU`);
  }
  return { api, rpc: join(servers, loaded), cpuOnly, info };
}

/** Other machines' devices are llama.cpp's from then on. */
function join(servers: ServerList | null, { libraries }: LoadedEngine): Rpc | null {
  if (servers === null) return null;
  const rpc = bindRpc(servers.library, libraries);
  for (const endpoint of servers.endpoints) rpc.addServer(endpoint);
  return rpc;
}

/** node-llama-cpp takes 0.4 s to import. */
async function choose(device: EngineDeviceChoice): Promise<LoadedEngine> {
  const { loadEngine } = await import("./loadEngine.ts");
  return loadEngine(device);
}

function describe(api: LlamaApi, loaded: LoadedEngine, cpuOnly: boolean): LlamaInfo {
  const devices = devicesNow(api, cpuOnly);
  const sees = devices.some(({ type }) => type === "gpu" || type === "igpu");
  return {
    engine: "llama.cpp",
    engine_version: loaded.release,
    build_commit: api.build?.commit ?? null,
    build_number: api.build?.number ?? null,
    package: `node-llama-cpp ${layoutPackageVersion}`,
    backend: sees && loaded.gpu !== false ? loaded.gpu : "cpu",
    devices,
    system_info: api.systemInfo().trim(),
    libraries: [...loaded.libraries.all],
  };
}

/** With the memory that is free at this moment. */
export function devicesNow(api: LlamaApi, cpuOnly: boolean): EngineDevice[] {
  return Array.from({ length: api.deviceCount() }, (_, index) => describeDevice(api, index)).filter(
    ({ type }) => !cpuOnly || type === "cpu",
  );
}

function describeDevice(api: LlamaApi, index: number): EngineDevice {
  const device = api.device(index);
  const [free, total]: [[number], [number]] = [[0], [0]];
  api.deviceMemory(device, free, total);
  const buffer = api.deviceBufferType(device);
  return {
    name: api.deviceName(device),
    ...(buffer === null ? {} : { buffer_type: api.bufferTypeName(buffer) }),
    description: api.deviceDescription(device).trim(),
    type: deviceTypes[api.deviceType(device)] ?? "accel",
    free_bytes: free[0],
    total_bytes: total[0],
  };
}

/** All devices that llama.cpp has, in its order. */
export function pointersOf(api: LlamaApi): Pointer[] {
  return Array.from({ length: api.deviceCount() }, (_, index) => api.device(index));
}
