/** Whether a run may go on here: on the machine, and with the engine, that it began with. */
import { showValue } from "../base/showValue.ts";
import { LlmbenchError } from "../errors.ts";
import type { EngineDevice, EngineInfo } from "../bench/engineInfo.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";

type Facts = Readonly<Record<string, unknown>>;

/** @throws {LlmbenchError} `config`, with what differs. @param path the journal's */
export function checkSameEngine(before: EngineInfo, now: EngineInfo, path: string): void {
  check("engine", engineFacts(before), engineFacts(now), path);
}

function engineFacts(info: EngineInfo): Facts {
  const { engine, engine_version, build_commit, backend, devices } = info;
  return {
    engine,
    engine_version,
    build_commit,
    backend,
    devices: devices.map(deviceText).join(", "),
  };
}

/** Of another machine's device whose it is, too: others of the same kind are another cluster. */
function deviceText({ name, description, server }: EngineDevice): string {
  return [name, description, ...(server === undefined ? [] : [`of ${server.machine}`])].join(" ");
}

/** What a kernel keeps for itself changes from update to update; a module of RAM is a larger step. */
const memoryTolerance = 0.02;

/** @throws {LlmbenchError} `config`, with what differs. @param path the journal's */
export function checkSameMachine(before: MachineInfo, now: MachineInfo, path: string): void {
  const change = Math.abs(now.ram_bytes - before.ram_bytes);
  const ram_bytes = change <= memoryTolerance * before.ram_bytes ? before.ram_bytes : now.ram_bytes;
  check("machine", machineFacts(before), machineFacts({ ...now, ram_bytes }), path);
}

/** What makes two runs of one machine comparable; a name is only a name. */
function machineFacts({ cpu_info, gpu_info, gpu_cores, ram_bytes }: MachineInfo): Facts {
  return { cpu_info, gpu_info, gpu_cores, ram_bytes };
}

function check(what: string, before: Facts, now: Facts, path: string): void {
  const differing = Object.keys(before).filter((key) => before[key] !== now[key]);
  if (differing.length === 0) return;
  const shown = differing.map(
    (key) => `${key} was ${showValue(before[key])}, is ${showValue(now[key])}`,
  );
  throw new LlmbenchError(
    "config",
    `${path}: the ${what} is another than the run began with: ${shown.join("; ")}; start a new run`,
  );
}
