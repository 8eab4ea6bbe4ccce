/** A case's figures once more, out of what was measured: raw times and llama.cpp's buffers. */
import { bufferTotals } from "../bench/bufferTotals.ts";
import { isTimed } from "../bench/launch.ts";
import { isSpeed } from "../bench/metrics.ts";
import type { CaseRecord, MeasuredRecord } from "../bench/record.ts";
import { summarize } from "../bench/summarize.ts";
import { betweenLaunchSd } from "../machine/betweenLaunchSd.ts";
import type { Noise } from "../machine/noise.ts";
import type { ColumnName } from "./columns/columns.ts";
import type { JournalKeys } from "./journalKeys.ts";
import type { JournalRow } from "./row.ts";
import { rowOf } from "./rowOf.ts";

/** Sums of floats in another order, or another JavaScript engine's logarithm, may differ in the last digits. */
const relativeTolerance = 1e-9;

type Key = ColumnName | keyof JournalKeys;

const noKeys: ReadonlySet<Key> = new Set();

/** A figure that isn't what its measurements give. */
export interface Deviation {
  readonly column: Key;
  readonly stated: unknown;
  readonly follows: unknown;
}

export interface Recomputed {
  /** Figures that were worked out again. */
  readonly figures: number;
  readonly deviations: readonly Deviation[];
}

/** Not figures: how the case ended, and what was measured. */
const aside: ReadonlySet<Key> = new Set<Key>([
  "status",
  "reason",
  "stderr_tail",
  "samples_ns",
  "warmup_ns",
  "launch_results",
  "buffers",
]);

/** What a row of speeds says a second time under the metric's own name. */
const saidAgain: ReadonlySet<Key> = new Set<Key>(["value", "value_low", "value_high"]);

/**
 * What follows from the case's own measurements, against what its row says: everything but what was predicted.
 * @param noise how much launches differ on the machine, as the run took it to be; null where it wasn't measured.
 */
export function recompute(record: CaseRecord, noise: Noise | null): Recomputed {
  const told = rowOf(record);
  const follows = rowOf(withMeasuredMemory(withSummary(record, noise)));
  // What neither the samples nor the buffers say anything of is left out.
  const nothing = rowOf(withoutFigures(record));
  const again = isSpeed(record.workload) ? saidAgain : noKeys;
  const keys = (Object.keys(told) as Key[]).filter((key) => !aside.has(key) && !again.has(key));
  const figures = keys.filter((key) => !agree(nothing[key], follows[key]));
  const deviations = keys.flatMap((column) => deviationIn(column, told, follows));
  return { figures: figures.length, deviations };
}

function deviationIn(column: Key, told: JournalRow, made: JournalRow): Deviation[] {
  const [stated, follows] = [told[column], made[column]];
  return agree(stated, follows) ? [] : [{ column, stated, follows }];
}

function withSummary(record: CaseRecord, noise: Noise | null): CaseRecord {
  if (record.status !== "measured") return record;
  const launches = record.launches.filter(isTimed);
  const summary = summarize(launches, record.workload, betweenLaunchSd(noise, record.workload));
  return summary === null ? withoutFigures(record) : { ...record, summary };
}

function withMeasuredMemory<Case extends CaseRecord>(record: Case): Case {
  const { buffers, memory } = record;
  if (buffers.length === 0) return record;
  return { ...record, memory: { ...memory, ...bufferTotals(buffers) } };
}

/** As of a case that was never tried. */
function withoutFigures(record: CaseRecord): CaseRecord {
  const { launches: _, summary: __, ...facts } = record as MeasuredRecord;
  return {
    ...facts,
    memory: withoutMeasured(record),
    status: "skipped",
    reason: { code: "other", detail: "" },
    log: [],
  };
}

function withoutMeasured({ memory, buffers }: CaseRecord): CaseRecord["memory"] {
  if (buffers.length === 0) return memory;
  return {
    ...memory,
    kvBytes: null,
    stateBytes: null,
    computeBytes: null,
    deviceMeasured: null,
    hostMeasured: null,
  };
}

function agree(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => agree(value, b[i]));
  if (typeof a !== "number" || typeof b !== "number") return a === b;
  return Math.abs(a - b) <= relativeTolerance * Math.max(Math.abs(a), Math.abs(b));
}
