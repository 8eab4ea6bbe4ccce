/** How predicted speeds, and how good they are, read on a terminal and in JSON. */
import { count } from "../base/count.ts";
import { originOf } from "../bench/origin.ts";
import type { CaseRecord } from "../bench/record.ts";
import { decodeRows } from "../predict/decodeModel.ts";
import type { LeaveOneOut } from "../predict/leaveOneOut.ts";
import type { SpeedModels, SpeedPrediction } from "../predict/predictSpeed.ts";
import type { Basis } from "../predict/speedSource.ts";

/** `7.33–8.55`: four of five measurements lie within. */
export function rangeWords(range: { readonly low: number; readonly high: number } | null): string {
  return range === null ? "" : `${speedWords(range.low)}–${speedWords(range.high)}`;
}

/** `7.94`, `168`, `11300`: three digits, and no exponent. */
export function speedWords(tokensPerSecond: number): string {
  return String(Number(tokensPerSecond.toPrecision(3)));
}

/** `1 published row`, `4 rows measured here`, `datasheet`: what a prediction is made from. */
export function basisWords(basis: Basis, models: SpeedModels): string {
  const rows = rowsBehind(basis, models).length;
  switch (basis) {
    case "measured here":
      return `${count(rows, "row")} measured here`;
    case "published":
      return count(rows, "published row");
    case "roofline":
    case "datasheet":
      return basis;
    default:
      return basis satisfies never;
  }
}

/** The rows that a prediction on such a basis stands on; none where it stands on what the machine can do. */
export function rowsBehind(basis: Basis, { source }: SpeedModels): readonly CaseRecord[] {
  const own = new Set(source.measured);
  const isOfBasis = {
    "measured here": (record: CaseRecord) => own.has(record),
    published: (record: CaseRecord) => !own.has(record),
    roofline: () => false,
    datasheet: () => false,
  } as const satisfies Record<Basis, (record: CaseRecord) => boolean>;
  return decodeRows(source).filter(isOfBasis[basis]);
}

/** `1.2%`: the median of relative errors. */
function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** `tg off by 1.2% (at most 2.0%, 6 left out in turn)`. */
function errorWords(name: string, left: LeaveOneOut | null | undefined): string[] {
  if (!left) return [];
  const { medianError, largestError, parts } = left;
  return [
    `${name} off by ${percent(medianError)} (at most ${percent(largestError)}, ${parts} left out in turn)`,
  ];
}

/** `leave-one-out error: tg off by …, pp off by …`, or why there is none. */
export function leaveOneOutWords({ decode, prefill }: SpeedModels): string {
  const parts = [
    ...errorWords("tg", decode?.leaveOneOut),
    ...errorWords("pp", prefill?.leaveOneOut),
  ];
  if (parts.length > 0) return `leave-one-out error: ${parts.join(", ")}`;
  return `no leave-one-out error: ${whyNone(decode?.basis ?? "datasheet")}`;
}

function whyNone(basis: Basis): string {
  switch (basis) {
    case "datasheet":
      return "predicted without a row";
    case "roofline":
      return "predicted from this machine's read and matmul, no model was measured here yet";
    case "measured here":
    case "published":
      return `one model and quantization ${basis}`;
    default:
      return basis satisfies never;
  }
}

/** `1.2%`, the median of tg's leave-one-out errors; empty without one. */
export function decodeErrorWords(models: SpeedModels | null): string {
  const left = models?.decode?.leaveOneOut;
  return left ? percent(left.medianError) : "";
}

/** @param models null of several machines together, of whose rows none was left out */
export function predictionJson(
  { tg_ts, pp_ts, low, high, basis, prefill }: SpeedPrediction,
  models: SpeedModels | null,
): object {
  const rows = models === null ? [] : rowsBehind(basis, models);
  const { engines, dates, sources } = originOf(rows);
  return {
    tg_ts,
    pp_ts,
    low,
    high,
    basis,
    pp_low: prefill?.low ?? null,
    pp_high: prefill?.high ?? null,
    pp_basis: prefill?.basis ?? null,
    from: {
      rows: rows.length,
      builds: engines.flatMap(({ builds }) => builds),
      dates,
      sources,
    },
    leave_one_out: {
      tg: leaveOneOutJson(models?.decode?.leaveOneOut),
      pp: leaveOneOutJson(models?.prefill?.leaveOneOut),
    },
  };
}

function leaveOneOutJson(left: LeaveOneOut | null | undefined): object | null {
  if (!left) return null;
  const { parts, medianError, largestError } = left;
  return { parts, median_error: medianError, largest_error: largestError };
}
