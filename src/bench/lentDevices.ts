/** Devices that other machines lend, beside this machine's own. */
import type { EngineDevice, EngineInfo } from "./engineInfo.ts";
import type { DeviceList, LoadMode } from "./settings.ts";

type Devices = Pick<EngineInfo, "devices">;
type Lender = NonNullable<EngineDevice["server"]>;

/** llama.cpp's name of a CPU as a device. */
export const cpuDevice = "CPU";

/** This machine's. */
export function ownDevices({ devices }: Devices): EngineDevice[] {
  return devices.filter(({ server }) => server === undefined);
}

/** Of those that a placement may use: the machines that lend them, each once, in the engine's order. */
export function lenders({ devices }: Devices, used: DeviceList): Lender[] {
  const taken = devices.filter(({ name }) => used === "auto" || used.includes(name));
  const servers = taken.flatMap(({ server }) => server ?? []);
  return [...new Map(servers.map((server) => [server.number, server])).values()];
}

/** A machine as rows call it: rows get published, and its address says too much. */
export function lenderName({ machine, way }: Lender): string {
  return `${machine} (${way})`;
}

/** Machines that measure together, as `fit` calls described ones. */
export function clusterName(own: string, others: readonly Lender[]): string {
  return [own, ...others.map(({ machine }) => machine)].join("+");
}

/**
 * How a file is loaded that other machines hold a part of, where nothing is said: one that is mapped would lie on Metal as a
 * whole, though most of it is elsewhere.
 */
export function sharedLoadMode(asked: LoadMode): LoadMode {
  return asked === "auto" ? "none" : asked;
}
