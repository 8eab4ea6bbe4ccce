/** Cases that runs measured on this machine, kept for predictions: those that come to be asked next stand on them. */
import { join } from "node:path";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import type { CaseRecord } from "../bench/record.ts";
import { machineAndEngine, type EngineIdentity } from "../machine/machineAndEngine.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { caseOfKeptSpeed, keptSpeedOf, keptSpeedSchema } from "../results/keptSpeeds.ts";
import { isSpoiled, isWrong } from "./spoiledRows.ts";
import { cacheableBytes, saysSpeed } from "./timedWork.ts";
import { isPlain } from "./plainSettings.ts";

const keptRows = z.array(keptSpeedSchema);

/** The latest; a fit over as many takes 10 ms. */
const maxRows = 1000;

export function rowsHereFolder(cacheDir: string): string {
  return join(cacheDir, "speeds");
}

/**
 * Oldest first, with nothing but what says how fast they were. Those are left out that the CPU took part in with another
 * number of threads than it has now, as where a container or `taskset` allowed it fewer.
 */
export function readRowsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): readonly CaseRecord[] {
  return readAll(folder, machine, engine).filter((record) => hasUsualThreads(record, machine));
}

/** With whatever threads. None where none were kept of this machine with this engine. */
function readAll(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): readonly CaseRecord[] {
  const rows = new KeptAnswers(folder, keptRows).read(machineAndEngine(machine, engine)) ?? [];
  return rows.map(caseOfKeptSpeed);
}

/** Keeps those of `records` that tell of the machine's speed, in the place of older ones of the same cases. */
export async function keepRowsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
  records: readonly CaseRecord[],
): Promise<void> {
  const kept = readAll(folder, machine, engine);
  const usual = kept.filter((record) => hasUsualThreads(record, machine));
  const added = addRowsHere(usual, records, machine);
  if (added === usual) return;
  const all = [...kept.filter((record) => !usual.includes(record)), ...added].slice(-maxRows);
  const question = machineAndEngine(machine, engine);
  await new KeptAnswers(folder, keptRows).keep(question, all.map(keptSpeedOf));
}

/**
 * The very same list where nothing new tells of the machine's speed. Rows that were measured while something held the
 * machine back stay for as long as there are no others.
 */
export function addRowsHere(
  kept: readonly CaseRecord[],
  records: readonly CaseRecord[],
  machine: Pick<MachineInfo, "default_threads">,
): readonly CaseRecord[] {
  const telling = records.filter((record) => isTelling(record, machine));
  const sound = telling.filter((record) => !isSpoiled(record));
  const hasSound = sound.length > 0 || kept.some((record) => !isSpoiled(record));
  const added = hasSound ? sound : telling;
  if (added.length === 0) return kept;
  const ids = new Set(added.map(({ id }) => id));
  const others = kept.filter((one) => !ids.has(one.id) && !(hasSound && isSpoiled(one)));
  return [...others, ...added].slice(-maxRows);
}

/** What runs measured on this machine with this engine is forgotten. @returns how many rows there were */
export async function forgetRowsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): Promise<number> {
  const { length } = readAll(folder, machine, engine);
  if (length > 0) {
    await new KeptAnswers(folder, keptRows).keep(machineAndEngine(machine, engine), []);
  }
  return length;
}

/** What lies wholly on a device is as fast with any number of threads. Older files don't tell it, and have no others. */
function hasUsualThreads(
  { engine, model, settings }: CaseRecord,
  machine: Pick<MachineInfo, "default_threads">,
): boolean {
  const onDevice =
    engine.backend !== "cpu" && (settings.gpuLayers ?? 0) > (model.nLayers ?? Infinity);
  return onDevice || settings.nThreads === null || settings.nThreads === machine.default_threads;
}

function isTelling(record: CaseRecord, machine: Pick<MachineInfo, "default_threads">): boolean {
  const { machine: measuredOn, settings, memory } = record;
  return (
    record.status === "measured" &&
    // Of several machines' speeds.
    measuredOn.servers === null &&
    saysSpeed(record) &&
    (memory.weightsBytes ?? 0) >= cacheableBytes &&
    hasUsualThreads(record, machine) &&
    isPlain(settings) &&
    // A mean over burst and throttling.
    record.summary.sustained === null &&
    !isWrong(record)
  );
}
