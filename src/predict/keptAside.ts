/** How good predictions are: published rows kept aside are predicted from the others, and from the datasheet alone. */
import { median, quantile } from "simple-statistics";
import { groupBy } from "../base/groupBy.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, unknownDatasheet, type Datasheet } from "./datasheet.ts";
import { decodeModel } from "./decodeModel.ts";
import { prefillModel } from "./prefillModel.ts";
import { buildOf, isRowOf } from "./publishedRows.ts";
import { saysSpeed, timedDecode, timedPrefill } from "./rowWork.ts";
import type { SpeedRow } from "./speedRow.ts";

/** One kept-aside row. */
export interface KeptAside {
  readonly row: SpeedRow;
  readonly kind: "decode" | "prefill";
  /** What it was predicted from: the machine's other rows, or its datasheet. */
  readonly from: "rows" | "datasheet";
  readonly predicted: number;
  /** Relative, of tokens per second. */
  readonly error: number;
  /** Within the prediction's range. */
  readonly inside: boolean;
}

export interface KeptAsideScore {
  readonly count: number;
  readonly medianError: number;
  /** Four of five rows are predicted better. */
  readonly eightyPercentError: number;
  readonly insideShare: number;
}

/**
 * One machine and one llama.cpp build at a time: the smallest model calibrates and the larger ones are kept aside, or,
 * where there is one model, its Q8_0. From the datasheet, all rows.
 */
export function keptAside(
  rows: readonly SpeedRow[],
  machines: readonly DescribedMachine[],
): KeptAside[] {
  const groups = groupBy(rows.filter(saysSpeed), (row) => `${row.machine} ${buildOf(row)}`);
  return [...groups.values()].flatMap((group) => {
    const sheet = sheetOf(group, machines);
    const isKept = keptBy(group);
    const calibration = group.filter((row) => !isKept(row));
    const datasheet = sheet ?? unknownDatasheet(group[0]?.backend ?? "cpu");
    const fromRows = predictAll(group.filter(isKept), "rows", datasheet, calibration);
    return sheet === null ? fromRows : fromRows.concat(predictAll(group, "datasheet", sheet, []));
  });
}

function sheetOf(
  [row]: readonly SpeedRow[],
  machines: readonly DescribedMachine[],
): Datasheet | null {
  const found = machines.find((machine) => row !== undefined && isRowOf(row, machine));
  return found === undefined ? null : { ...datasheetOf(found), deviceCount: row?.n_devices ?? 1 };
}

function keptBy(group: readonly SpeedRow[]): (row: SpeedRow) => boolean {
  const sizes = group.map(({ model_n_params }) => model_n_params ?? 0);
  const smallest = Math.min(...sizes);
  if (sizes.every((size) => size === smallest))
    return ({ quantization }) => quantization === "q8_0";
  return ({ model_n_params }) => (model_n_params ?? 0) > smallest;
}

function predictAll(
  kept: readonly SpeedRow[],
  from: KeptAside["from"],
  datasheet: Datasheet,
  calibration: readonly SpeedRow[],
): KeptAside[] {
  const source = { datasheet, measured: [], published: [calibration] };
  const decode = decodeModel(source);
  const prefill = prefillModel(source, decode);
  return kept.flatMap((row): KeptAside[] => {
    const decoded = timedDecode(row);
    const prefilled = timedPrefill(row);
    const tg = decoded && decode?.predict(decoded.work);
    const pp = prefilled && prefill?.predict(prefilled.work);
    return [
      ...(tg ? [judged(row, "decode", from, tg.tg_ts, tg)] : []),
      ...(pp ? [judged(row, "prefill", from, pp.pp_ts, pp)] : []),
    ];
  });
}

function judged(
  row: SpeedRow,
  kind: KeptAside["kind"],
  from: KeptAside["from"],
  predicted: number,
  { low, high }: { readonly low: number; readonly high: number },
): KeptAside {
  const measured = row.avg_ts ?? 0;
  const inside = low <= measured && measured <= high;
  return { row, kind, from, predicted, error: predicted / measured - 1, inside };
}

/** Null for no rows. */
export function scoreOf(rows: readonly KeptAside[]): KeptAsideScore | null {
  if (rows.length === 0) return null;
  const errors = rows.map(({ error }) => Math.abs(error));
  return {
    count: rows.length,
    medianError: median(errors),
    eightyPercentError: quantile(errors, 0.8),
    insideShare: rows.filter(({ inside }) => inside).length / rows.length,
  };
}
