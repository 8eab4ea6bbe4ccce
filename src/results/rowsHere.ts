/** Rows that runs measured on this machine, kept for predictions: those that come to be asked next stand on them. */
import { join } from "node:path";
import { z } from "zod";
import { KeptAnswers } from "../base/keptAnswers.ts";
import { machineAndEngine, type EngineIdentity } from "../machine/machineAndEngine.ts";
import type { MachineInfo } from "../machine/machineInfo.ts";
import { cacheableBytes, saysSpeed } from "../predict/rowWork.ts";
import { caseResultSchema, type CaseRow } from "./caseResult.ts";
import { warningCode, type WarningCode } from "./warnings.ts";

/** What a prediction asks of a row, and the case that it is of. */
const rowHereSchema = caseResultSchema.pick({
  case_id: true,
  status: true,
  machine: true,
  n_devices: true,
  backend: true,
  engine_version: true,
  build_commit: true,
  model: true,
  model_n_params: true,
  quantization: true,
  n_layers: true,
  n_gpu_layers: true,
  split_mode: true,
  n_batch: true,
  n_ubatch: true,
  n_ctx: true,
  type_k: true,
  type_v: true,
  flash_attn: true,
  n_prompt: true,
  n_gen: true,
  n_depth: true,
  avg_ts: true,
  weights_bytes: true,
  kv_bytes: true,
});
export type RowHere = z.infer<typeof rowHereSchema>;

const keptRows = z.array(rowHereSchema);

/** The latest; a fit over as many takes 10 ms. */
const maxRows = 1000;

/** A machine that was held back, or that computed something else, doesn't say how fast it is. */
const spoiling: ReadonlySet<string> = new Set<WarningCode>([
  "on_battery",
  "low_power_mode",
  "thermal_pressure",
  "swap_in_use",
  "memory_spill",
  "memory_pressure",
  "output_differs_from_cpu",
]);

export function rowsHereFolder(cacheDir: string): string {
  return join(cacheDir, "speeds");
}

/** Oldest first; none where none were kept of this machine with this engine. */
export function readRowsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
): readonly RowHere[] {
  return new KeptAnswers(folder, keptRows).read(machineAndEngine(machine, engine)) ?? [];
}

/** Keeps those of `rows` that tell of the machine's speed, in the place of older ones of the same cases. */
export async function keepRowsHere(
  folder: string,
  machine: MachineInfo,
  engine: EngineIdentity,
  rows: readonly CaseRow[],
): Promise<void> {
  const kept = readRowsHere(folder, machine, engine);
  const all = addRowsHere(kept, rows, machine);
  if (all !== kept) {
    const question = machineAndEngine(machine, engine);
    await new KeptAnswers(folder, keptRows).keep(question, keptRows.parse(all));
  }
}

/** The very same list where nothing new tells of the machine's speed. */
export function addRowsHere(
  kept: readonly RowHere[],
  rows: readonly CaseRow[],
  machine: Pick<MachineInfo, "default_threads">,
): readonly RowHere[] {
  const telling = rows.filter((row) => isTelling(row, machine));
  if (telling.length === 0) return kept;
  const ids = new Set(telling.map(({ case_id: id }) => id));
  return [...kept.filter(({ case_id: id }) => !ids.has(id)), ...telling].slice(-maxRows);
}

function isTelling(row: CaseRow, machine: Pick<MachineInfo, "default_threads">): boolean {
  const onDevice = row.backend !== "cpu" && (row.n_gpu_layers ?? 0) > (row.n_layers ?? Infinity);
  return (
    saysSpeed(row) &&
    (row.weights_bytes ?? 0) >= cacheableBytes &&
    (onDevice || row.n_threads === machine.default_threads) &&
    (row.no_kv_offload ?? 0) === 0 &&
    (row.n_cpu_moe ?? 0) === 0 &&
    // A mean over burst and throttling.
    row.sustain_s === null &&
    !row.warnings.some((text) => spoiling.has(warningCode(text)))
  );
}
