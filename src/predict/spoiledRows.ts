/** Rows that don't say how fast their machine is: it was held back, or too little was seen of it. */
import type { CaseRecord } from "../bench/record.ts";
import { warnsOf, type WarningCode } from "../bench/warnings.ts";

/** Something else took part of the machine, or its speed changed while it was measured. */
const heldBack = [
  "other_load",
  "drift",
  "wide_interval",
  "on_battery",
  "low_power_mode",
  "thermal_pressure",
  "swap_in_use",
  "memory_spill",
  "memory_pressure",
] as const satisfies readonly WarningCode[];

/** It was measured rightly and is no measure of the machine: it computed something else, or beat what memory allows. */
const wrong = [
  "output_differs_from_cpu",
  "beats_bandwidth",
] as const satisfies readonly WarningCode[];

/** Half of a 95% interval, of the mean: a wider one tells less than a datasheet does. */
const widestInterval = 0.1;

/**
 * What the sources of published rows note of them: a further device that computed too, a model's first builds, before its
 * kernels were written, and runs that began cold.
 */
const noted = /\biGPU\b|\bbefore (?:MLA|kernels)\b|\bwarm-up affected\b/;

export function isSpoiled(record: CaseRecord): boolean {
  return warnsOf(record, ...heldBack) || isNoted(record) || hasWideInterval(record);
}

function isNoted({ warnings }: CaseRecord): boolean {
  return warnings.some(({ code, detail }) => noted.test(`${code} ${detail}`));
}

/** Tells nothing, whatever else is known. */
export function isWrong(record: CaseRecord): boolean {
  return warnsOf(record, ...wrong);
}

function hasWideInterval(record: CaseRecord): boolean {
  if (record.status !== "measured") return false;
  const { ci95, mean } = record.summary;
  return ci95 !== null && mean > 0 && (ci95.high - ci95.low) / 2 > widestInterval * mean;
}
