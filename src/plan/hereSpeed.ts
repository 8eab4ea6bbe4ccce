/** What is known of a machine's speed: rows and roofs that runs measured on it, and what is published of its like. */
import type { EngineBackend } from "../bench/backends.ts";
import type { RamBandwidth } from "../bench/ramBandwidth.ts";
import type { EngineInfo } from "../bench/engineInfo.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import { offloadTargets } from "../machine/offloadDevice.ts";
import { hereSource } from "../predict/hereSource.ts";
import { speedModels, type SpeedModels } from "../predict/predictSpeed.ts";
import { publishedResults } from "../predict/publishedResults.ts";
import { addRowsHere, readRowsHere, rowsHereFolder } from "../predict/rowsHere.ts";
import { addRoofs, roofsOfCases, RoofsAt, theHost, type Roof } from "../predict/roofs.ts";
import { readRoofsHere, roofsHereFolder } from "../predict/roofsHere.ts";
import type { MachineRoofs } from "../predict/speedSource.ts";
import { ramHere } from "./ramHere.ts";

/** A machine as far as its speed goes. */
export interface KnownMachine {
  /** Made by `machineName`, not one of the user's own. */
  readonly name: string;
  readonly backend: EngineBackend;
  readonly deviceCount: number;
  readonly measured: readonly CaseRecord[];
  readonly roofs: readonly Roof[];
  /** What models run on: a device by the engine's name; null of the CPU. */
  readonly device: string | null;
  /** Of its CPU. */
  readonly nThreads: number;
  /** Null where nobody says. */
  readonly ram: RamBandwidth | null;
}

/** What this machine is asked by. */
export interface HereQuestion {
  /** With the name that `machineName` makes, not one of the user's. */
  readonly machine: MachineInfo;
  /** With this machine's devices alone. */
  readonly engine: EngineInfo;
  /** Where earlier runs' rows are kept. */
  readonly cacheDir: string;
  /** Rows that stand beside those, and before older ones of the same case. */
  readonly justMeasured?: readonly CaseRecord[];
  /** What the user says of its RAM, in 10^9 bytes a second. */
  readonly ramGbps?: number | null | undefined;
  /** Of its CPU; the usual number where absent. */
  readonly nThreads?: number;
}

/** What is known of this machine. */
export function knownHere({
  machine,
  engine,
  cacheDir,
  justMeasured = [],
  ramGbps = null,
  nThreads = machine.default_threads,
}: HereQuestion): KnownMachine {
  // Of an engine that tells none, nothing is known or predicted.
  const backend = engine.backend ?? "cpu";
  const gpus = gpuDevices(engine);
  const [device] = backend === "cpu" ? [] : offloadTargets(gpus);
  const kept = readRowsHere(rowsHereFolder(cacheDir), machine, engine, nThreads);
  const roofs = roofsHere(machine, engine, cacheDir, justMeasured);
  return {
    name: machine.name,
    backend,
    deviceCount: Math.max(1, gpus.length),
    measured: addRowsHere(kept, justMeasured, nThreads),
    roofs,
    ram: ramHere(ramGbps, roofs, machine),
    device: device?.name ?? null,
    nThreads,
  };
}

export function knownSpeed(known: KnownMachine): SpeedModels {
  const { name, backend, deviceCount, measured, ram } = known;
  const here = { name, backend, deviceCount, measured, ram, roofs: roofsFor(known) };
  // Nobody publishes what a CPU does: reading the tables would be in vain.
  const [machines, published] = backend === "cpu" ? [[], []] : [loadMachines(), publishedResults()];
  return speedModels(hereSource(here, machines, published));
}

export function hereSpeed(here: HereQuestion): SpeedModels {
  return knownSpeed(knownHere(here));
}

/** Kept of this machine, and told by cases that were just measured. */
export function roofsHere(
  machine: MachineInfo,
  engine: EngineInfo,
  cacheDir: string,
  justMeasured: readonly CaseRecord[] = [],
): readonly Roof[] {
  const kept = readRoofsHere(roofsHereFolder(cacheDir), machine, engine);
  return addRoofs(kept, roofsOfCases(justMeasured));
}

/** Of the device that a model would be placed on, and of the CPU with its threads. */
function roofsFor({ roofs, device, nThreads }: KnownMachine): MachineRoofs | null {
  if (roofs.length === 0) return null;
  const host = new RoofsAt(roofs, { device: theHost, nThreads });
  if (device === null) return { device: host, host: null };
  return { device: new RoofsAt(roofs, { device, nThreads: null }), host };
}
