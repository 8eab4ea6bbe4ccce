/** Roofs that runs measured on this machine, kept for what comes after: shares of them, and predictions. */
import { join } from "node:path";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import type { CaseRecord } from "../bench/record.ts";
import { isOfMachine, testName, workloadNamed } from "../bench/workload.ts";
import { machineAndEngine, type EngineIdentity } from "../machine/machineAndEngine.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { addRoofs, roofsOfCases, type Roof } from "./roofs.ts";

/** Files of llmbench's cache have these. */
const keptRoof = z.object({
  test: z.string(),
  device: z.string(),
  n_threads: z.number().int().nullable(),
  value: z.number().positive(),
  spoiled: z.boolean(),
});

export const keptRoofs = z.array(keptRoof);
type KeptRoofs = z.infer<typeof keptRoofs>;

export function roofsHereFolder(cacheDir: string): string {
  return join(cacheDir, "roofs");
}

/** None where none were kept of this machine with this engine. */
export function readRoofsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): readonly Roof[] {
  return fromKeptRoofs(
    new KeptAnswers(folder, keptRoofs).read(machineAndEngine(machine, engine)) ?? [],
  );
}

export function fromKeptRoofs(kept: KeptRoofs): Roof[] {
  return kept.flatMap(({ test, n_threads: nThreads, ...rest }) => {
    const workload = workloadNamed(test);
    return workload !== null && isOfMachine(workload) ? [{ workload, nThreads, ...rest }] : [];
  });
}

export async function keepRoofsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
  records: readonly CaseRecord[],
): Promise<void> {
  const kept = readRoofsHere(folder, machine, engine);
  const all = addRoofs(kept, roofsOfCases(records.filter(isUsual)));
  if (all !== kept) await writeRoofsHere(folder, machine, engine, all);
}

/** Of this machine as it mostly runs: devices that others lend are called as the next one's will be, and threads may be bound. */
function isUsual({ machine, settings }: CaseRecord): boolean {
  return machine.servers === null && Object.keys(settings.others).length === 0;
}

/** What runs measured on this machine with this engine is forgotten. @returns how many roofs there were */
export async function forgetRoofsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): Promise<number> {
  const { length } = readRoofsHere(folder, machine, engine);
  if (length > 0) await writeRoofsHere(folder, machine, engine, []);
  return length;
}

export function writeRoofsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
  roofs: readonly Roof[],
): Promise<void> {
  const question = machineAndEngine(machine, engine);
  return new KeptAnswers(folder, keptRoofs).keep(question, toKeptRoofs(roofs));
}

export function toKeptRoofs(roofs: readonly Roof[]): KeptRoofs {
  return roofs.map(({ workload, device, nThreads, value, spoiled }) => ({
    test: testName(workload),
    device,
    n_threads: nThreads,
    value,
    spoiled,
  }));
}
