/** How good predictions from a datasheet are: rows of what was left out are predicted from the constants that all others give. */
import { mean, median } from "simple-statistics";
import { groupBy } from "../base/groupBy.ts";
import { calibrate } from "./calibrate.ts";
import type { Calibration } from "./calibration.ts";
import { decodeModel } from "./decodeModel.ts";
import { prefillModel } from "./prefillModel.ts";
import { inTurn } from "./publishedRows.ts";
import type { Sample } from "./publishedSamples.ts";

export interface LeftOut {
  readonly sample: Sample;
  /** What it was left out with: a machine, a kind of memory, an architecture. */
  readonly group: string;
  readonly kind: "decode" | "prefill";
  readonly predicted: number;
  /** Relative, of tokens per second. */
  readonly error: number;
  readonly inside: boolean;
  /** High end of the range ÷ low end. */
  readonly width: number;
}

export interface LeavingOut {
  /** Rows of old builds are predicted as if they were of today's. */
  readonly asToday?: boolean;
  /** The machine's rows of other groups are known, as they are to whoever asks about another model. */
  readonly besideOthers?: boolean;
}

/** @param groupOf what is left out together; null is never left out */
export function leaveGroupsOut(
  samples: readonly Sample[],
  groupOf: (sample: Sample) => string | null,
  { asToday = false, besideOthers = false }: LeavingOut = {},
): LeftOut[] {
  const groups = groupBy(samples, (sample) => groupOf(sample) ?? "");
  return [...groups].flatMap(([group, left]) => {
    if (group === "") return [];
    const others = samples.filter((sample) => groupOf(sample) !== group);
    const constants = calibrate(others);
    const known = besideOthers ? groupBy(others, boxOf) : null;
    return left.flatMap((sample) => {
      const beside = known?.get(boxOf(sample)) ?? [];
      const calibration = { ...constants, oldBuilds: sample.isOld && !asToday };
      return predicted(sample, group, calibration, beside);
    });
  });
}

/** Machine, backend and number of cards: what published rows are asked for. */
function boxOf({ machine, datasheet }: Sample): string {
  return `${machine} ${datasheet.backend} ${datasheet.deviceCount}`;
}

function predicted(
  sample: Sample,
  group: string,
  calibration: Calibration,
  beside: readonly Sample[],
): LeftOut[] {
  const { datasheet, decode, prefill } = sample;
  const published = inTurn(beside.map(({ record }) => record));
  const source = { datasheet, measured: [], published };
  const model = decodeModel(source, calibration);
  const tg = decode && model?.predict(decode.work);
  const pp = prefill && prefillModel(source, model, calibration)?.predict(prefill.work);
  const judged = (
    kind: LeftOut["kind"],
    speed: number,
    centre: number,
    { low, high }: { readonly low: number; readonly high: number },
  ): LeftOut => ({
    sample,
    group,
    kind,
    predicted: centre,
    error: centre / speed - 1,
    inside: low <= speed && speed <= high,
    width: high / low,
  });
  return [
    ...(tg && decode ? [judged("decode", 1 / decode.seconds, tg.tg_ts, tg)] : []),
    ...(pp && prefill
      ? [judged("prefill", prefill.work.nPrompt / prefill.seconds, pp.pp_ts, pp)]
      : []),
  ];
}

export interface GroupScore {
  readonly group: string;
  readonly rows: number;
  readonly medianError: number;
  /** With its sign. */
  readonly bias: number;
  readonly insideShare: number;
}

export interface LeftOutScore {
  readonly groups: readonly GroupScore[];
  readonly rows: number;
  /** Over groups, of their median errors. */
  readonly medianError: number;
  /** Over groups: each counts the same. */
  readonly insideShare: number;
  /** Of the ranges. */
  readonly medianWidth: number;
}

/** Each group counts the same, however many rows it has: what was left out together, or each machine. Null for none. */
export function leftOutScore(
  all: readonly LeftOut[],
  kind: LeftOut["kind"],
  countBy: "group" | "machine" = "group",
): LeftOutScore | null {
  const own = all.filter((one) => one.kind === kind);
  if (own.length === 0) return null;
  const nameOf = ({ group, sample }: LeftOut) => (countBy === "group" ? group : sample.machine);
  const groups = [...groupBy(own, nameOf)].map(([group, rows]): GroupScore => ({
    group,
    rows: rows.length,
    medianError: median(rows.map(({ error }) => Math.abs(error))),
    bias: median(rows.map(({ error }) => error)),
    insideShare: rows.filter(({ inside }) => inside).length / rows.length,
  }));
  return {
    groups,
    rows: own.length,
    medianError: median(groups.map(({ medianError }) => medianError)),
    insideShare: mean(groups.map(({ insideShare }) => insideShare)),
    medianWidth: median(own.map(({ width }) => width)),
  };
}
