/** Whether a run may go on here: on the machine, and with the engine, that it began with. */
import { formatBytes } from "../base/bytes.ts";
import { short, showValue } from "../base/showValue.ts";
import { LlmbenchError } from "../errors.ts";
import type { EngineDevice, EngineInfo } from "../bench/engineInfo.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";

type Facts = Readonly<Record<string, unknown>>;

/** @throws {LlmbenchError} `config`, with what differs. @param path the journal's */
export function checkSameEngine(before: EngineInfo, now: EngineInfo, path: string): void {
  const had = before.devices.map(deviceText);
  const has = now.devices.map((one, at) => deviceText(withMemoryAsBefore(one, before.devices[at])));
  check(
    "engine",
    { ...engineFacts(before), devices: othersThan(has, had) },
    { ...engineFacts(now), devices: othersThan(had, has) },
    path,
  );
}

function engineFacts({ engine, engine_version, build_commit, backend }: EngineInfo): Facts {
  return { engine, engine_version, build_commit, backend };
}

/** Those that aren't the same at their place: of sixteen devices nobody finds the one that differs. */
function othersThan(these: readonly string[], all: readonly string[]): string {
  return all.filter((one, at) => one !== these[at]).join("; ");
}

/** Of another machine's device all that is known of that machine: with others of its kind it is another cluster. */
function deviceText({ name, description, server, total_bytes: bytes }: EngineDevice): string {
  if (server === undefined) return `${name} ${description}`;
  const { machine, threads } = server;
  const of = [`${name} ${description} of ${machine}`, formatBytes(bytes)];
  return [...of, ...(threads === undefined ? [] : [`-t ${threads}`])].join(", ");
}

/** What a kernel keeps for itself changes from update to update; a module of RAM is a larger step. */
const memoryTolerance = 0.02;

function sameMemory(before: number, now: number): boolean {
  return Math.abs(now - before) <= memoryTolerance * before;
}

function withMemoryAsBefore(now: EngineDevice, before: EngineDevice | undefined): EngineDevice {
  const { total_bytes } = before ?? now;
  return sameMemory(total_bytes, now.total_bytes) ? { ...now, total_bytes } : now;
}

/** @throws {LlmbenchError} `config`, with what differs. @param path the journal's */
export function checkSameMachine(before: MachineInfo, now: MachineInfo, path: string): void {
  const ram_bytes = sameMemory(before.ram_bytes, now.ram_bytes) ? before.ram_bytes : now.ram_bytes;
  check("machine", machineFacts(before), machineFacts({ ...now, ram_bytes }), path);
}

/** What makes two runs of one machine comparable; a name is only a name. */
function machineFacts({ cpu_info, gpu_info, gpu_cores, ram_bytes }: MachineInfo): Facts {
  return { cpu_info, gpu_info, gpu_cores, ram_bytes };
}

function check(what: string, before: Facts, now: Facts, path: string): void {
  const differing = Object.keys(before).filter((key) => before[key] !== now[key]);
  if (differing.length === 0) return;
  const shown = differing.map((key) => `${key} was ${longer(before[key])}, is ${longer(now[key])}`);
  throw new LlmbenchError(
    "config",
    `${path}: the ${what} is another than the run began with: ${shown.join("; ")}; start a new run`,
  );
}

/** A device's name, its hardware and whose it is want more room than a value that a user typed. */
const shownLength = 200;

function longer(value: unknown): string {
  return typeof value === "string" ? short(JSON.stringify(value), shownLength) : showValue(value);
}
