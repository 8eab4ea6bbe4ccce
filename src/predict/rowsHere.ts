/** Cases that runs measured on this machine, kept for predictions: those that come to be asked next stand on them. */
import { join } from "node:path";
import { z } from "zod";
import { groupBy } from "../base/groupBy.ts";
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
 * Oldest first, with nothing but what says how fast they were.
 *
 * @param nThreads of the CPU: rows that it took part in with another number of threads are left out
 */
export function readRowsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
  nThreads: number,
): readonly CaseRecord[] {
  return ofThreads(nThreads, machine, readAll(folder, machine, engine));
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
  const byThreads = groupBy(
    records,
    ({ settings }) => settings.nThreads ?? machine.default_threads,
  );
  let all = kept;
  for (const [nThreads, own] of byThreads) {
    const alike = ofThreads(nThreads, machine, all);
    const added = addRowsHere(alike, own, nThreads);
    const before = new Set(alike);
    if (added !== alike) all = [...all.filter((record) => !before.has(record)), ...added];
  }
  if (all === kept) return;
  const rows = all.slice(-maxRows).map(keptSpeedOf);
  await new KeptAnswers(folder, keptRows).keep(machineAndEngine(machine, engine), rows);
}

/**
 * The very same list where nothing new tells of the machine's speed with so many threads. Rows that were measured while
 * something held the machine back stay for as long as there are no others.
 */
export function addRowsHere(
  kept: readonly CaseRecord[],
  records: readonly CaseRecord[],
  nThreads: number,
): readonly CaseRecord[] {
  const telling = records.filter(
    (record) => isTelling(record) && (isOnDevice(record) || record.settings.nThreads === nThreads),
  );
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

/** Rows of older files don't tell their threads, and have the usual number. */
function ofThreads(
  nThreads: number,
  { default_threads: usual }: MachineInfo,
  records: readonly CaseRecord[],
): readonly CaseRecord[] {
  return records.filter(
    (record) => isOnDevice(record) || (record.settings.nThreads ?? usual) === nThreads,
  );
}

/** What lies wholly on a device is as fast with any number of threads. */
function isOnDevice({ engine, model, settings }: CaseRecord): boolean {
  return engine.backend !== "cpu" && (settings.gpuLayers ?? 0) > (model.nLayers ?? Infinity);
}

function isTelling(record: CaseRecord): boolean {
  const { machine: measuredOn, settings, memory } = record;
  return (
    record.status === "measured" &&
    // Of several machines' speeds.
    measuredOn.servers === null &&
    saysSpeed(record) &&
    (memory.weightsBytes ?? 0) >= cacheableBytes &&
    isPlain(settings) &&
    // A mean over burst and throttling.
    record.summary.sustained === null &&
    !isWrong(record)
  );
}
