/** What stands in place of a speed where there is none, and why. */
import { isSpeed, unitOf } from "../bench/metrics.ts";
import type { CaseRecord, DoesNotFit, UnmeasuredRecord } from "../bench/record.ts";
import type { FailureCode, SkipCode } from "../bench/statuses.ts";
import { formatSpeedWithSpread, formatWithSpread, plain } from "./format.ts";

export function isUnmeasured(record: CaseRecord): record is UnmeasuredRecord {
  return record.status !== "measured";
}

/** Failures that have no word of their own say what all have in common. */
const failureWords = {
  crashed: "crashed",
  timed_out: "timed out",
  engine_error: "failed",
  work_not_done: "work not done",
  model_changed: "model changed",
  other: "failed",
} as const satisfies Record<FailureCode | "other", string>;

const skipWords = {
  larger_than_misfit: "skipped",
  not_supported: "not supported",
  too_slow: "too slow",
  engine_missing: "engine missing",
  other: "skipped",
} as const satisfies Record<SkipCode | "other", string>;

/** `does not fit`, `crashed`. */
function word(record: UnmeasuredRecord): string {
  const { status } = record;
  switch (status) {
    case "does_not_fit":
      return "does not fit";
    case "failed":
      return failureWords[record.reason.code];
    case "skipped":
      return skipWords[record.reason.code];
    default:
      return status satisfies never;
  }
}

/** `66.31 ± 0.31`, or the word for what happened instead. */
export function outcome(record: CaseRecord): string {
  return record.status === "measured"
    ? format(record)(record.summary.mean, record.summary.sd)
    : word(record);
}

/** Tokens per second as llama-bench prints them; what may be of any size with three digits. */
function format({ workload }: CaseRecord): typeof formatSpeedWithSpread {
  return isSpeed(workload) ? formatSpeedWithSpread : formatWithSpread;
}

/** `41.2 ± 0.31 GB/s`, or the word for what happened instead. */
export function outcomeWithUnit(record: CaseRecord): string {
  return record.status === "measured"
    ? `${outcome(record)} ${plain(unitOf(record.workload))}`
    : word(record);
}

/** What the case's `fit` said before it ran out of memory, if anything. */
function predictionWords({ fit, memory, machine }: UnmeasuredRecord): string {
  const { devicePredicted: predicted } = memory;
  const { gpuBudgetBytes: budget } = machine;
  switch (fit.atCase) {
    case "full":
    case "partial":
      // Of layers that were asked for and don't fit, `fit` tells what others would.
      return predicted === null || budget === null || predicted <= budget
        ? ", predicted to fit"
        : ", as predicted";
    case "none":
      return ", as predicted";
    case "unknown":
    case null:
      return "";
    default:
      return fit.atCase satisfies never;
  }
}

/** `out of memory when tried, predicted to fit`, `timed out`. */
function outcomeWords(record: UnmeasuredRecord): string {
  return record.status === "does_not_fit" ? misfitWords(record) : word(record);
}

function misfitWords(record: UnmeasuredRecord & DoesNotFit): string {
  const { code } = record.reason;
  switch (code) {
    case "measured_oom":
      return `out of memory when tried${predictionWords(record)}`;
    case "predicted_oom":
    case "other":
      return word(record);
    default:
      return code satisfies never;
  }
}

/**
 * `does not fit: needs 38.60 GiB, the budget is 24.00 GiB (predicted_oom)`,
 * `out of memory when tried, predicted to fit: … (measured_oom)`.
 */
export function reasonText(record: UnmeasuredRecord): string {
  const { code, detail } = record.reason;
  const said = outcomeWords(record);
  const text = detail === "" ? said : `${said}: ${detail}`;
  const isSaid = code === "other" || said === code.replaceAll("_", " ");
  return plain(isSaid ? text : `${text} (${code})`);
}
