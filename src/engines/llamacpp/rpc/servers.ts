/** The machines that `--rpc` names: asked what they are before any process of llama.cpp's meets them. */
import { isIPv4 } from "node:net";
import { toType } from "../../../base/invocation.ts";
import type { EngineDevice } from "../../../bench/engineInfo.ts";
import { cpuDevice, lenderName } from "../../../bench/lentDevices.ts";
import { LlmbenchError } from "../../../errors.ts";
import type { LlamaInfo } from "../llamaInfo.ts";
import { contains, loopbackNet, parseNet } from "./allowedNets.ts";
import { endpointText, factsPort, parseEndpoints, type Endpoint } from "./endpoints.ts";
import { inTurn } from "./inTurn.ts";
import { LinkFailure, namedFailure, withConnection } from "./rpcConnection.ts";
import { askFacts, buildDifference, type ServerFacts } from "./serverFacts.ts";
import { deviceCount, deviceMemory } from "./wire.ts";

export interface RpcServerFound {
  readonly endpoint: Endpoint;
  readonly facts: ServerFacts;
  /** What rows call it. */
  readonly label: string;
  readonly devices: readonly EngineDevice[];
}

/** @throws {LlmbenchError} `network`, with the first server that isn't there or isn't one */
export async function findServers(text: string): Promise<readonly RpcServerFound[]> {
  const found: RpcServerFound[] = [];
  let devices = 0;
  // One after the other: the first that is wrong is told.
  for (const endpoint of parseEndpoints(text) ?? []) {
    const one = await find(endpoint, found.length + 1, devices).catch((error: unknown) => {
      throw new LlmbenchError("network", namedFailure(endpoint, error), { cause: error });
    });
    refuseTwice(one, found);
    devices += one.devices.length;
    found.push(one);
  }
  return found;
}

/** Under two names, or through two tunnels: it would wait for itself. @throws {LlmbenchError} `usage` */
function refuseTwice({ endpoint, facts }: RpcServerFound, before: readonly RpcServerFound[]): void {
  const same = before.find((one) => one.facts.id === facts.id);
  if (same === undefined) return;
  throw new LlmbenchError(
    "usage",
    `--rpc: ${endpointText(endpoint)} is the same server as ${endpointText(same.endpoint)}, and each has one client at a time: name it once`,
  );
}

/** @param before devices of the servers before it: llama.cpp numbers them all */
async function find(endpoint: Endpoint, number: number, before: number): Promise<RpcServerFound> {
  const memory = await inTurn(endpoint, () => askMemory(endpoint), { busyMs: 0 });
  const facts = await askFacts(endpoint).catch((error: unknown) => {
    throw error instanceof LinkFailure ? new LinkFailure(`${error.message}: ${wayOut()}`) : error;
  });
  requireOneMachine(memory, facts, endpoint);
  const server = { number, machine: facts.machine, way: wayTo(endpoint) };
  return {
    endpoint,
    facts,
    label: lenderName(server),
    devices: memory.map(({ free, total }, index) => {
      const told = facts.devices[index];
      const threads = told?.name === cpuDevice ? { threads: facts.threads } : {};
      return {
        name: `RPC${before + index}`,
        buffer_type: `RPC${index}[${endpointText(endpoint)}]`,
        description: told?.description ?? facts.machine,
        type: "gpu",
        free_bytes: free,
        total_bytes: total,
        budget_bytes: Math.min(free, told?.budget_bytes ?? free),
        server: { ...server, ...threads },
      };
    }),
  };
}

const wayOut = () =>
  `llmbench asks there which build serves; ${toType("rpc")} listens on both ports, and a tunnel must lead to both`;

interface Memory {
  readonly free: number;
  readonly total: number;
}

/** Drivers tell the same device's memory in more ways than one. */
const memoryTolerance = 0.1;

/** Two tunnels are soon mixed up. @throws {LinkFailure} where the port beside a server's tells of another machine */
function requireOneMachine(
  memory: readonly Memory[],
  { devices, machine }: ServerFacts,
  endpoint: Endpoint,
): void {
  const isSame =
    memory.length === devices.length &&
    memory.every(({ total }, index) => {
      const told = devices[index]?.total_bytes ?? 0;
      return Math.abs(total - told) <= memoryTolerance * told;
    });
  if (isSame) return;
  throw new LinkFailure(
    `has other devices than ${machine}, which answers on port ${factsPort(endpoint)}: both ports must lead to one machine`,
  );
}

/** Of one server: llama.cpp's client takes no more (llama_max_devices, src/llama.cpp, v0.4.0). */
const mostDevices = 16;

function askMemory(endpoint: Endpoint): Promise<Memory[]> {
  return withConnection(endpoint, async (connection) => {
    const count = (await connection.ask(deviceCount())).readUInt32LE();
    if (count === 0 || count > mostDevices)
      throw new LinkFailure(`lends ${count} devices, and llama.cpp takes 1 to ${mostDevices}`);
    const memory: Memory[] = [];
    for (let device = 0; device < count; device++) {
      const told = await connection.ask(deviceMemory(device));
      memory.push({
        free: Number(told.readBigUInt64LE(0)),
        total: Number(told.readBigUInt64LE(8)),
      });
    }
    return memory;
  });
}

/** Rows get published: an address says too much, and a tunnel's says nothing. */
function wayTo({ host }: Endpoint): string {
  if (host === "localhost" || (isIPv4(host) && contains([loopbackNet], host))) return "loopback";
  if (!isIPv4(host)) return "by name";
  return parseNet(host) === null ? "public address" : "private address";
}

/** @throws {LlmbenchError} `network` for the first that has another build */
export function requireSameBuild(servers: readonly RpcServerFound[], here: LlamaInfo): void {
  for (const { endpoint, facts } of servers) {
    const difference = buildDifference(here, facts);
    if (difference !== null)
      throw new LlmbenchError("network", `RPC server ${endpointText(endpoint)} ${difference}`);
  }
}

/** What this machine has, and before it what the others lend, as llama.cpp orders them (llama_prepare_model_devices). */
export function withServers(here: LlamaInfo, servers: readonly RpcServerFound[]): LlamaInfo {
  return { ...here, devices: [...servers.flatMap(({ devices }) => devices), ...here.devices] };
}
