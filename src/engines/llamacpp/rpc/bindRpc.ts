/** The RPC backend in a child: loaded beside llama.cpp's other backends, and called through koffi. */
import koffi, { type LibraryHandle } from "koffi";
import type { Traffic } from "../../../bench/link.ts";
import { EngineFailure } from "../engineFailure.ts";
import type { LoadedLibraries } from "../libraries.ts";
import type { Pointer } from "../structs.ts";
import { maskedAddress, type Net } from "./allowedNets.ts";

export interface Rpc {
  /** The servers' devices are llama.cpp's from then on. */
  addServer(endpoint: string): void;
  /** Serves until the process ends; returns where it can't listen. */
  startServer(serving: ServedDevices): void;
  /** Peers beside which none are let in. @throws {EngineFailure} for a library that can't refuse any */
  allow(nets: readonly Net[]): void;
  /** @throws {EngineFailure} for a library that may keep half a tensor on disk for a whole one */
  requireWholeTensors(): void;
  /** Since the library was loaded; null where it doesn't count. */
  traffic(): Traffic | null;
}

export interface ServedDevices {
  readonly endpoint: string;
  /** Null keeps no tensors on disk. */
  readonly cacheDir: string | null;
  readonly threads: number;
  readonly devices: readonly Pointer[];
}

/** @throws {EngineFailure} at `engine` for a file that is no RPC backend of this build. */
export function bindRpc(path: string, paths: LoadedLibraries): Rpc {
  const ggml = koffi.load(paths.ggml);
  const base = koffi.load(paths.ggmlBase);
  const load = ggml.func("void *ggml_backend_load(str path)");
  const register = ggml.func("void ggml_backend_register(void *reg)");
  const procAddress = base.func("void *ggml_backend_reg_get_proc_address(void *reg, str name)");
  const registry: unknown = load(path);
  const find = (name: string): unknown => (registry === null ? null : procAddress(registry, name));
  const [add, start] = ["ggml_backend_rpc_add_server", "ggml_backend_rpc_start_server"].map(find);
  if (!add || !start)
    throw new EngineFailure("engine", `${path} is no RPC backend that this llama.cpp loads`);
  const own = ownFunctions(path);
  return {
    addServer(endpoint) {
      const added: unknown = koffi.call(add, addServerPrototype, endpoint);
      if (added === null) throw new EngineFailure("engine", `RPC server ${endpoint} has no device`);
      register(added);
    },
    startServer({ endpoint, cacheDir, threads, devices }) {
      const list = koffi.alloc("void *", devices.length) as Pointer;
      koffi.encode(list, "void *", [...devices], devices.length);
      koffi.call(start, startServerPrototype, endpoint, cacheDir, threads, devices.length, list);
    },
    allow(nets) {
      if (own === null)
        throw new EngineFailure(
          "engine",
          `${path} is none of llmbench's own, and lets in whoever can connect; leave --rpc-library out, or --allow, and come through an ssh tunnel`,
        );
      for (const net of nets) {
        const { address, mask } = maskedAddress(net);
        if (own.allow(address, mask) === 0)
          throw new EngineFailure("engine", "too many nets are allowed");
      }
    },
    requireWholeTensors() {
      if (own !== null) return;
      throw new EngineFailure(
        "engine",
        `${path} is none of llmbench's own, and may keep half a tensor for a whole one; leave --rpc-library out, or --keep-tensors`,
      );
    },
    traffic() {
      if (own === null) return null;
      const counted = new BigUint64Array(4);
      own.traffic(counted);
      const [messages, turns, sent, received] = [...counted].map(Number) as [
        number,
        number,
        number,
        number,
      ];
      return { messages, turns, bytes: sent + received };
    },
  };
}

const addServerPrototype = koffi.proto("void *llmbench_add_server(str endpoint)");
const startServerPrototype = koffi.proto(
  "void llmbench_start_server(str endpoint, str cache_dir, size_t threads, size_t n, void *devices)",
);

/** Of a library that llmbench compiled (native/ggml-rpc/sockets.cpp); null of another. */
function ownFunctions(path: string) {
  const library: LibraryHandle = koffi.load(path);
  try {
    return {
      allow: library.func("int llmbench_rpc_allow(uint32_t address, uint32_t mask)") as unknown as (
        address: number,
        mask: number,
      ) => number,
      traffic: library.func("void llmbench_rpc_traffic(_Out_ uint64_t *four)") as unknown as (
        four: BigUint64Array,
      ) => void,
    };
  } catch {
    return null;
  }
}
