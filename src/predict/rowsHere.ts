/** Cases that runs measured on this machine, kept for predictions: those that come to be asked next stand on them. */
import { join } from "node:path";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import type { CaseRecord } from "../bench/record.ts";
import { warnsOf, type WarningCode } from "../bench/warnings.ts";
import { machineAndEngine, type EngineIdentity } from "../machine/machineAndEngine.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { caseOfKeptSpeed, keptSpeedOf, keptSpeedSchema } from "../results/keptSpeeds.ts";
import { cacheableBytes, saysSpeed } from "./timedWork.ts";
import { isPlain } from "./plainSettings.ts";

const keptRows = z.array(keptSpeedSchema);

/** The latest; a fit over as many takes 10 ms. */
const maxRows = 1000;

/** A machine that was held back, or that computed something else, doesn't say how fast it is. */
const spoiling = [
  "on_battery",
  "low_power_mode",
  "thermal_pressure",
  "swap_in_use",
  "memory_spill",
  "memory_pressure",
  "output_differs_from_cpu",
] as const satisfies readonly WarningCode[];

export function rowsHereFolder(cacheDir: string): string {
  return join(cacheDir, "speeds");
}

/** Oldest first, with nothing but what says how fast they were; none where none were kept of this machine with this engine. */
export function readRowsHere(
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
  const kept = readRowsHere(folder, machine, engine);
  const all = addRowsHere(kept, records, machine);
  if (all !== kept) {
    const question = machineAndEngine(machine, engine);
    await new KeptAnswers(folder, keptRows).keep(question, all.map(keptSpeedOf));
  }
}

/** The very same list where nothing new tells of the machine's speed. */
export function addRowsHere(
  kept: readonly CaseRecord[],
  records: readonly CaseRecord[],
  machine: Pick<MachineInfo, "default_threads">,
): readonly CaseRecord[] {
  const telling = records.filter((record) => isTelling(record, machine));
  if (telling.length === 0) return kept;
  const ids = new Set(telling.map(({ id }) => id));
  return [...kept.filter(({ id }) => !ids.has(id)), ...telling].slice(-maxRows);
}

function isTelling(record: CaseRecord, machine: Pick<MachineInfo, "default_threads">): boolean {
  const { engine, model, settings, memory } = record;
  const onDevice =
    engine.backend !== "cpu" && (settings.gpuLayers ?? 0) > (model.nLayers ?? Infinity);
  return (
    record.status === "measured" &&
    saysSpeed(record) &&
    (memory.weightsBytes ?? 0) >= cacheableBytes &&
    (onDevice || settings.nThreads === machine.default_threads) &&
    isPlain(settings) &&
    // A mean over burst and throttling.
    record.summary.sustained === null &&
    !warnsOf(record, ...spoiling)
  );
}
