/** `llmbench rpc`: lends this machine's devices until it is stopped, or its time is over. */
import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { formatBytes } from "../base/bytes.ts";
import { cacheFolder, keptTensorsFolder } from "../base/cacheFolder.ts";
import { formatDuration } from "../base/duration.ts";
import { checkWritable, makeFolder } from "../base/makeFolder.ts";
import type { DeviceChoice } from "../bench/backends.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import type { DeviceList } from "../bench/settings.ts";
import { engineRow, lendingPort, usualEngine } from "../engines/registry.ts";
import type { ServedHardware, Serving } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { probeMachine } from "../machine/probe.ts";
import { knownHere } from "../plan/hereSpeed.ts";
import { toTold } from "../plan/toldSpeed.ts";
import { impliedDevice } from "../suite/impliedDevice.ts";
import { lentCpuRoofs } from "./lentCpu.ts";
import { stoppable } from "../ui/interruption.ts";
import type { Progress } from "../ui/progress.ts";

export interface ServeRequest {
  readonly port?: number;
  readonly host?: string | null;
  readonly allow?: readonly string[] | null;
  readonly forSeconds?: number | null;
  readonly device?: DeviceChoice;
  readonly devices?: DeviceList;
  readonly threads?: number | null;
  readonly machineName?: string | null;
  readonly keepTensors?: boolean;
  readonly rpcLibrary?: string | null;
}

/** Whoever is let in from elsewhere can do what they like with the memory that is lent: not for longer than a sweep takes. */
const usualSeconds = 2 * 3600;

/** @throws {LlmbenchError} where nothing can be lent, and where the process that serves ends again and again. */
export async function serve(request: ServeRequest, progress: Progress): Promise<void> {
  const allow = request.allow ?? [];
  const seconds = request.forSeconds ?? (allow.length > 0 ? usualSeconds : null);
  const devices = request.devices ?? "auto";
  const row = engineRow(usualEngine);
  if (row.serve === undefined) throw new LlmbenchError("engine", `${usualEngine} lends no devices`);
  const serving = await row.serve({
    device: impliedDevice(request.device ?? "auto", [devices]),
    devices,
    host: request.host ?? null,
    port: request.port ?? lendingPort,
    allow,
    threads: request.threads ?? null,
    cacheDir: request.keepTensors === true ? await tensorsFolder() : null,
    library: request.rpcLibrary ?? null,
    machineOf: ({ devices: gpus }) => probeMachine({ gpus }),
    machineName: request.machineName ?? null,
    speedOf: (...served) => toldOf(...served, (text) => progress.line(text)),
    onEvent: (text) => progress.warn(text),
  });
  try {
    for (const line of servingLines(serving, allow, seconds)) progress.line(line);
    await stoppable((signal) => untilOver(serving, seconds, signal));
  } finally {
    await serving.close();
  }
}

/** What is known of the devices that are served. */
async function toldOf(
  machine: MachineInfo,
  facts: EngineInfo,
  { devices, nThreads, signal }: ServedHardware,
  say: (text: string) => void,
): Promise<unknown> {
  const known = knownHere({ machine, engine: facts, cacheDir: cacheFolder() });
  const [first] = devices;
  if (first !== undefined && first.type !== "cpu")
    return toTold({ ...known, device: first.name, deviceCount: devices.length });
  const roofs = await lentCpuRoofs(machine, facts, { nThreads, signal, say });
  const cpu = { backend: "cpu", device: null, deviceCount: 1, measured: [], roofs } as const;
  return toTold({ ...known, ...cpu, nThreads });
}

function servingLines(
  { address, devices }: Serving,
  allow: readonly string[],
  seconds: number | null,
): string[] {
  const lent = devices.map(
    ({ name, description, budget_bytes }) =>
      `${name} (${description}, ${formatBytes(budget_bytes)})`,
  );
  const until = seconds === null ? "until Ctrl-C" : `for ${formatDuration(seconds)}`;
  const who = allow.length === 0 ? "this machine alone" : allow.join(", ");
  return [
    `lending ${lent.join(", ")} on ${address}, ${until}, to ${who}`,
    ...(allow.length === 0
      ? []
      : [
          "the protocol has no password and no encryption: whoever has such an address can read and write the memory that is lent",
        ]),
  ];
}

/** @throws {LlmbenchError} `engine` where nothing is served any more before. */
async function untilOver(
  serving: Serving,
  seconds: number | null,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const stop = () => over.abort();
  signal.addEventListener("abort", stop, { once: true });
  // A timer takes 24 days at most.
  const most = 2 ** 31 - 1;
  const time = Math.min(most, seconds === null ? most : seconds * 1000);
  const timer = sleep(time, null, { signal: over.signal }).catch(() => null);
  const ended = await Promise.race([serving.ended, timer]);
  over.abort();
  if (ended !== null) throw new LlmbenchError("engine", ended);
}

/** @throws {LlmbenchError} `output` where nothing can be kept */
async function tensorsFolder(): Promise<string> {
  const folder = keptTensorsFolder(cacheFolder());
  try {
    await makeFolder(folder);
    await checkWritable(folder);
    return folder;
  } catch (error) {
    const { message } = error as Error;
    throw new LlmbenchError(
      "output",
      `--keep-tensors: they are kept in ${folder}, which can't be written (${message}); set LLMBENCH_CACHE to a folder that can, or leave the flag out`,
      { cause: error },
    );
  }
}

/** @returns what was done, in words */
export async function purgeKeptTensors(): Promise<string> {
  const folder = keptTensorsFolder(cacheFolder());
  await rm(folder, { recursive: true, force: true });
  return `removed: the tensors that were kept in ${folder}`;
}
