/** How good predictions from a datasheet are: rows of what was left out are predicted from the constants that all others give. */
import { mean, median } from "simple-statistics";
import { getOrMake } from "../base/getOrMake.ts";
import { groupBy } from "../base/groupBy.ts";
import { calibrate } from "./calibrate.ts";
import { shippedCalibration, type Calibration } from "./calibration.ts";
import { decodeModel, leastDecodeSeconds, type FittedDecode } from "./decodeModel.ts";
import type { RangeQuestion } from "./predictionError.ts";
import { prefillModel, type FittedPrefill } from "./prefillModel.ts";
import { buildOf, inTurn, notNewer } from "./publishedRows.ts";
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
  /** What its range goes by. */
  readonly range: RangeQuestion;
  /** What the memory allows, in times of what is predicted. */
  readonly most: number;
}

export interface LeavingOut {
  /** Rows of old builds are predicted as if they were of today's. */
  readonly asToday?: boolean;
  /** The machine's rows of other groups are known, of builds up to the row's own, as they are to whoever asks about another model. */
  readonly besideOthers?: boolean;
  /** Read off beforehand, of all rows: where the machine's own say nearly all. */
  readonly constants?: Pick<Calibration, "decode" | "prefill">;
}

/** @param groupOf what is left out together; null is never left out */
export function leaveGroupsOut(
  samples: readonly Sample[],
  groupOf: (sample: Sample) => string | null,
  { asToday = false, besideOthers = false, constants: given }: LeavingOut = {},
): LeftOut[] {
  const groups = groupBy(samples, (sample) => groupOf(sample) ?? "");
  return [...groups].flatMap(([group, left]) => {
    if (group === "") return [];
    const others = samples.filter((sample) => groupOf(sample) !== group);
    const constants = given ?? calibrate(others);
    const known = besideOthers ? groupBy(others, boxOf) : null;
    const models = new Map<string, Models>();
    return left.flatMap((sample) => {
      const oldBuilds = sample.isOld && !asToday;
      const beside = known?.get(boxOf(sample)) ?? [];
      const build = beside.length === 0 ? "" : buildOf(sample.record);
      const own = getOrMake(models, `${boxOf(sample)} ${build} ${oldBuilds}`, () =>
        modelsOf(sample, { ...shippedCalibration, ...constants, oldBuilds }, beside),
      );
      return predicted(sample, group, own);
    });
  });
}

/** Machine, backend and number of cards: what published rows are asked for. */
function boxOf({ machine, datasheet }: Sample): string {
  return `${machine} ${datasheet.backend} ${datasheet.deviceCount}`;
}

interface Models {
  readonly decode: FittedDecode | null;
  readonly prefill: FittedPrefill | null;
}

function modelsOf(
  { datasheet, record }: Sample,
  calibration: Calibration,
  beside: readonly Sample[],
): Models {
  const builds = inTurn(beside.map((one) => one.record));
  const published = notNewer(builds, record);
  const source = { datasheet, measured: [], published };
  const decode = decodeModel(source, calibration);
  return { decode, prefill: prefillModel(source, decode, calibration) };
}

function predicted(sample: Sample, group: string, models: Models): LeftOut[] {
  const { datasheet, decode, prefill } = sample;
  const judged = (
    kind: LeftOut["kind"],
    { speed, centre, low, high, most }: Judged,
    range: RangeQuestion,
  ): LeftOut => ({
    sample,
    group,
    kind,
    predicted: centre,
    error: centre / speed - 1,
    inside: low <= speed && speed <= high,
    width: high / low,
    range,
    most: most / centre,
  });
  const found: LeftOut[] = [];
  if (decode !== null && models.decode !== null) {
    const tg = models.decode.predict(decode.work);
    const most = 1 / leastDecodeSeconds(decode.work, datasheet);
    const speeds = { ...tg, speed: 1 / decode.seconds, centre: tg.tg_ts, most };
    found.push(judged("decode", speeds, models.decode.rangeOf(decode.work)));
  }
  if (prefill !== null && models.prefill !== null) {
    const pp = models.prefill.predict(prefill.work);
    const speed = prefill.work.nPrompt / prefill.seconds;
    const speeds = { ...pp, speed, centre: pp.pp_ts, most: Infinity };
    found.push(judged("prefill", speeds, models.prefill.rangeOf(prefill.work)));
  }
  return found;
}

/** Tokens per second: measured, predicted, the range's ends, and what the memory allows. */
interface Judged {
  readonly speed: number;
  readonly centre: number;
  readonly low: number;
  readonly high: number;
  readonly most: number;
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
