/** Serves this machine's devices with the very build that measures here. */
import { isIPv4 } from "node:net";
import { offloadTargets } from "../../../machine/offloadDevice.ts";
import { probedBudget } from "../../../machine/memoryBudget.ts";
import { LlmbenchError } from "../../../errors.ts";
import type { ServeAsk, Serving } from "../../engine.ts";
import type { LlamaInfo } from "../llamaInfo.ts";
import { probeLlamaCpp } from "../llamaCpp.ts";
import { namedLibraries } from "../libraries.ts";
import {
  contains,
  loopbackNet,
  meet,
  netText,
  ownAddresses,
  parseNet,
  type Net,
} from "./allowedNets.ts";
import { rpcLibrary } from "./library.ts";
import { RpcServer } from "./rpcServer.ts";

const loopback = "127.0.0.1";

function single(address: string): Net {
  return { address, prefix: 32 };
}

/** @throws {LlmbenchError} `usage` for an address or a device that isn't there, `engine` where nothing can be served */
export async function serveRpc(ask: ServeAsk): Promise<Serving> {
  const asked = ask.allow.flatMap((text) => parseNet(text) ?? []);
  const host = listeningAddress(ask.host, asked);
  // This machine greets itself, and a tunnel comes from here.
  const allow = asked.length === 0 ? [] : [...asked, ...[loopback, host].map(single)];
  const engine = await probeLlamaCpp(ask.device);
  const machine = await ask.machineOf(engine);
  const devices = servedDevices(engine, ask.devices);
  const budget = probedBudget(machine, engine, undefined, ask.devices);
  const library = await rpcLibrary(ask.library, namedLibraries(engine.libraries));
  const threads = ask.threads ?? machine.default_threads;
  return RpcServer.start({
    device: ask.device,
    found: engine,
    library,
    engine,
    threads,
    allow,
    endpoint: { host, port: ask.port },
    cacheDir: ask.cacheDir,
    devices: devices.map(({ name }) => name),
    machine: ask.machineName ?? machine.name,
    speed: (signal) => ask.speedOf(machine, engine, { devices, nThreads: threads, signal }),
    served: devices.map(({ name, description, total_bytes }) => ({
      name,
      description,
      total_bytes,
      budget_bytes:
        budget.devices.find((one) => one.name === name)?.budgetBytes ?? budget.hostBytes,
    })),
    onEvent: ask.onEvent,
  });
}

/**
 * Upstream calls its protocol insecure: whoever reaches it can do with the machine's memory what they like. So it listens
 * to this machine alone, unless it is said who else may come.
 */
function listeningAddress(asked: string | null, allow: readonly Net[]): string {
  if (allow.length === 0) {
    if (asked === null || isLoopback(asked)) return asked ?? loopback;
    throw new LlmbenchError(
      "usage",
      `--host ${asked}: whoever reaches an RPC server can use this machine; say who may, with --allow 192.168.1.0/24 or the like, or leave --host out and reach it through an ssh tunnel (docs/clusters.md)`,
    );
  }
  const nets = allow.map(netText).join(", ");
  const own = ownAddresses();
  const all = own.map(({ address }) => address);
  if (asked !== null) {
    if (all.includes(asked) || isLoopback(asked)) return asked;
    throw new LlmbenchError("usage", `--host ${asked}: this machine has ${all.join(", ")}`);
  }
  const near = own.filter(({ net }) => allow.some((one) => meet(net, one)));
  const [first] = near;
  if (first !== undefined && near.length === 1) return first.address;
  throw new LlmbenchError(
    "usage",
    first === undefined
      ? `--allow ${nets}: this machine has no address beside those (it has ${all.join(", ")}); --host says where to listen`
      : `--allow ${nets}: this machine has ${near.map(({ address }) => address).join(" and ")} beside those; --host says where to listen`,
  );
}

function isLoopback(address: string): boolean {
  return isIPv4(address) && contains([loopbackNet], address);
}

/** What llama.cpp would use by itself; the CPU where there is no GPU. */
function servedDevices({ devices }: LlamaInfo, asked: ServeAsk["devices"]): LlamaInfo["devices"] {
  const cpu = devices.filter(({ type }) => type === "cpu");
  if (asked === "auto") {
    const targets = offloadTargets(devices);
    return targets.length === 0 ? cpu : targets;
  }
  const named = asked.map((name) => {
    const found = devices.find((one) => one.name === name);
    if (found !== undefined) return found;
    const there = devices.map((one) => one.name).join(", ");
    throw new LlmbenchError("usage", `--devices ${name}: this machine has ${there}`);
  });
  return named.length === 0 ? cpu : named;
}
