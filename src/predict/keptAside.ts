/** How good predictions are: published rows kept aside are predicted from the others, and from the datasheet alone. */
import { median, quantile } from "simple-statistics";
import { groupBy } from "../base/groupBy.ts";
import { describedBackendOf } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { DescribedMachine } from "../machine/describedMachine.ts";
import { datasheetOf, unknownDatasheet, type Datasheet } from "./datasheet.ts";
import { shippedCalibration } from "./calibration.ts";
import { decodeModel } from "./decodeModel.ts";
import { isOldBuild } from "./llamaBuild.ts";
import { prefillModel } from "./prefillModel.ts";
import { buildOf, machineOfRow } from "./publishedRows.ts";
import { shapeOfModel } from "./shapeOfModel.ts";
import { isSpoiled } from "./spoiledRows.ts";
import { saysSpeed, speedOf, timedDecode, timedPrefill } from "./timedWork.ts";

/** One published row that was kept aside. */
export interface KeptAside {
  readonly record: CaseRecord;
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
 * One machine, one llama.cpp build and one architecture at a time: the smallest model calibrates and the larger ones are kept aside, or,
 * where there is one model, its Q8_0. From the datasheet, all rows.
 */
export function keptAside(
  published: readonly CaseRecord[],
  machines: readonly DescribedMachine[],
): KeptAside[] {
  const groups = groupBy(
    published.filter((record) => saysSpeed(record) && !isSpoiled(record)),
    (record) => `${record.machine.name} ${buildOf(record)} ${architectureOf(record)}`,
  );
  return [...groups.values()].flatMap((group) => {
    const sheet = sheetOf(group, machines);
    const isKept = keptBy(group);
    const calibration = group.filter((record) => !isKept(record));
    const datasheet =
      sheet ?? unknownDatasheet(describedBackendOf(group[0]?.engine.backend ?? null) ?? "cpu");
    const fromRows = predictAll(group.filter(isKept), "rows", datasheet, calibration);
    return sheet === null ? fromRows : fromRows.concat(predictAll(group, "datasheet", sheet, []));
  });
}

function architectureOf({ model }: CaseRecord): string {
  return shapeOfModel(model.id)?.architecture ?? "";
}

function sheetOf(
  [record]: readonly CaseRecord[],
  machines: readonly DescribedMachine[],
): Datasheet | null {
  if (record === undefined) return null;
  const { machine, engine } = record;
  const found = machineOfRow(machines, machine.name, engine.backend);
  return found === null ? null : { ...datasheetOf(found), deviceCount: machine.nDevices ?? 1 };
}

function sizeOf({ model }: CaseRecord): number {
  return model.parameters ?? 0;
}

function keptBy(group: readonly CaseRecord[]): (record: CaseRecord) => boolean {
  const sizes = group.map(sizeOf);
  const smallest = Math.min(...sizes);
  if (sizes.every((size) => size === smallest)) return ({ model }) => model.quantization === "q8_0";
  return (record) => sizeOf(record) > smallest;
}

function predictAll(
  kept: readonly CaseRecord[],
  from: KeptAside["from"],
  datasheet: Datasheet,
  calibration: readonly CaseRecord[],
): KeptAside[] {
  const source = { datasheet, measured: [], published: [calibration] };
  const ofTheirBuild = { ...shippedCalibration, oldBuilds: kept.some(isOldBuild) };
  const decode = decodeModel(source, ofTheirBuild);
  const prefill = prefillModel(source, decode, ofTheirBuild);
  return kept.flatMap((record): KeptAside[] => {
    const decoded = timedDecode(record);
    const prefilled = timedPrefill(record);
    const asked = { record, from };
    const tg = decoded && decode?.predict(decoded.work);
    const pp = prefilled && prefill?.predict(prefilled.work);
    return [
      ...(tg ? [{ ...asked, kind: "decode" as const, ...judged(record, tg.tg_ts, tg) }] : []),
      ...(pp ? [{ ...asked, kind: "prefill" as const, ...judged(record, pp.pp_ts, pp) }] : []),
    ];
  });
}

function judged(
  record: CaseRecord,
  predicted: number,
  { low, high }: { readonly low: number; readonly high: number },
): Pick<KeptAside, "predicted" | "error" | "inside"> {
  const measured = speedOf(record) ?? 0;
  const inside = low <= measured && measured <= high;
  return { predicted, error: predicted / measured - 1, inside };
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
