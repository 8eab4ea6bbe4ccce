/**
 * Decode: `time per token = a × layers + bytes read ÷ bandwidth`, with bytes of the KV cache and of host memory at
 * rates of their own, fitted by least squares on what is known of the machine.
 */
import { getOrMake } from "../base/getOrMake.ts";
import type { CaseRecord } from "../bench/record.ts";
import { shippedCalibration, type Calibration } from "./calibration.ts";
import type { Datasheet } from "./datasheet.ts";
import {
  assumedHostBandwidth,
  expectedDecode,
  isIntel,
  type DecodeCoefficients,
} from "./decodeDefaults.ts";
import { decodeBytes, decodeFeatures, decodeSeconds, fitDecode } from "./decodeFit.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { leaveOneOut, type LeaveOneOut } from "./leaveOneOut.ts";
import { hasNoMatrixUnits, memoryKindOf, sharesPower } from "./memoryKind.ts";
import { spreadOf, typicalError, type RangeQuestion, type Widening } from "./predictionError.ts";
import { buildsOf, weakest, type Basis, type SpeedSource } from "./speedSource.ts";
import { timedBuilds, witnessesOf, type TimedBuild, type Witnesses } from "./timedBuilds.ts";
import { cacheableBytes, timedDecode, type Timed } from "./timedWork.ts";

export interface DecodePrediction {
  /** Tokens per second; `low` to `high` holds four of five measurements. */
  readonly tg_ts: number;
  readonly low: number;
  readonly high: number;
  readonly basis: Basis;
}

export interface DecodeModel {
  /** Of what is wholly on the device. */
  readonly basis: Basis;
  readonly leaveOneOut: LeaveOneOut | null;
  readonly secondsPerLayer: number;
  readonly bytesPerSecond: number;
  readonly hostBytesPerSecond: number;
  readonly predict: (work: DecodeWork) => DecodePrediction;
}

/** Read off rows, or off a datasheet and what rows of its kind tell. */
export interface FittedDecode extends DecodeModel {
  /** What the width of its range goes by. */
  readonly rangeOf: (work: DecodeWork) => RangeQuestion;
}

type Build = TimedBuild<DecodeWork>;

/** Null where neither rows nor a datasheet tell the memory's bandwidth. */
export function decodeModel(
  source: SpeedSource,
  calibration: Calibration = shippedCalibration,
): FittedDecode | null {
  const { datasheet } = source;
  const builds = timedBuilds(source, (record) => timed(record, datasheet));
  const toldByRows = builds.some(({ rows }) =>
    rows.some(({ work }) => decodeBytes(work).weights > 0),
  );
  if (!toldByRows && datasheet.bandwidthBytesPerSecond === null) return null;
  const last = builds.at(-1);
  const before = fitInTurn(source, builds.slice(0, -1), last, calibration);
  const rows = last?.rows ?? [];
  const fitted = asToday(fitDecode(before, rows), last, source, calibration);
  const basis = last?.basis ?? "datasheet";
  const witnesses = witnessesOf(builds);
  const left = leaveOneOut(rows, (others) => {
    const coefficients = fitDecode(before, others);
    return (work) => decodeSeconds(coefficients, work);
  });
  const toldOfHost = rows.some(({ work }) => (work.hostBytes ?? 0) > 0);
  const hostBasis = hostBasisOf(basis === "measured here" && toldOfHost, source);
  const rangeOf = (work: DecodeWork): RangeQuestion => {
    const wider = [
      ...wideningOf(work, datasheet, witnesses),
      ...(isOfOldMac(last, datasheet, calibration) ? (["oldMacBuilds"] as const) : []),
    ];
    return decodeBytes(work).host > 0
      ? { kind: "host", basis: hostBasis, left, wider }
      : { kind: "decode", basis, left, wider };
  };
  return {
    basis,
    leaveOneOut: left,
    rangeOf,
    secondsPerLayer: fitted.perLayer.value,
    bytesPerSecond: 1 / fitted.perByte.value,
    hostBytesPerSecond: 1 / fitted.perHostByte.value,
    predict: (work) => {
      const { host } = decodeBytes(work);
      const seconds = decodeSeconds(fitted, work);
      const error = typicalError(rangeOf(work), calibration.ranges);
      const bound = 1 / leastDecodeSeconds(work, datasheet);
      const { centre, low, high } = spreadOf(1 / seconds, error, bound);
      return {
        tg_ts: centre,
        low,
        // What was held back may do all that its memory allows.
        high: last?.spoiled === true ? Math.max(high, memorySpeed(work, datasheet)) : high,
        basis: host > 0 ? weakest(basis, hostBasis) : basis,
      };
    },
  };
}

/** The rows that a source's predictions of decode stand on; none where the datasheet alone speaks. */
export function decodeRows(source: SpeedSource): readonly CaseRecord[] {
  return getOrMake(rowsOfSource, source, () =>
    buildsOf(source).flatMap(({ records }) =>
      records.filter((record) => timed(record, source.datasheet).length > 0),
    ),
  );
}

/** Asked of each model and quantization anew. */
const rowsOfSource = new WeakMap<SpeedSource, readonly CaseRecord[]>();

/** What is no witness: a speed that can't be. */
function timed(record: CaseRecord, datasheet: Datasheet): Timed<DecodeWork>[] {
  const one = timedDecode(record);
  if (one === null || one.work.weightsBytesRead < cacheableBytes) return [];
  return beatsBandwidth(1 / one.seconds, one.work, datasheet) ? [] : [one];
}

/** Of layers on the host beside a GPU: rows that had some there, what its RAM was measured to give, or somebody's word. */
function hostBasisOf(toldByRows: boolean, { roofs }: SpeedSource): Basis {
  if (toldByRows) return "measured here";
  return roofs?.host?.pace == null ? "datasheet" : "roofline";
}

/** How far a token's reading is from what a roof's test reaches. */
const roofError = 0.15;

/** What the CPU was measured to read stands before what is said of its RAM. */
function withHostRoof(known: DecodeCoefficients, { roofs }: SpeedSource): DecodeCoefficients {
  const pace = roofs?.host?.pace ?? null;
  if (pace === null) return known;
  return { ...known, perHostByte: { value: 1 / pace, relativeError: roofError } };
}

/** What is known before the rows of the last build. */
function fitInTurn(
  source: SpeedSource,
  builds: readonly Build[],
  last: Build | undefined,
  { decode, oldBuilds }: Calibration,
): DecodeCoefficients {
  const expected = (isOld: boolean) =>
    withHostRoof(expectedDecode(source.datasheet, decode, isOld), source);
  const first = builds[0] ?? last;
  let isOld = first?.isOld ?? oldBuilds;
  let known = expected(isOld);
  for (const build of builds) {
    if (isOld !== build.isOld) known = renewed(known, expected(isOld), expected(build.isOld));
    known = fitDecode(known, build.rows);
    isOld = build.isOld;
  }
  return last !== undefined && last.isOld !== isOld
    ? renewed(known, expected(isOld), expected(last.isOld))
    : known;
}

/** What was measured here is of the user's own build. */
function isOfOldMac(
  last: Build | undefined,
  { backend }: Datasheet,
  { oldBuilds }: Calibration,
): boolean {
  const isOld = last?.isOld === true && last.basis !== "measured here";
  return isOld && !oldBuilds && backend === "metal";
}

/**
 * Rows of Apple's chips are of 2023 and 2024 for all but a few, and whoever asks runs a build of today. What layers cost less
 * since is told by Ultras alone: half-way, on logarithms, with a range that holds both.
 */
function asToday(
  known: DecodeCoefficients,
  last: Build | undefined,
  { datasheet }: SpeedSource,
  calibration: Calibration,
): DecodeCoefficients {
  if (!isOfOldMac(last, datasheet, calibration)) return known;
  const { perLayer: before } = expectedDecode(datasheet, calibration.decode, true);
  const { perLayer: today } = expectedDecode(datasheet, calibration.decode, false);
  const value = known.perLayer.value * Math.sqrt(today.value / before.value);
  return { ...known, perLayer: { ...known.perLayer, value } };
}

/** Kernels are launched otherwise: layers cost as much less, or more, as is expected. */
function renewed(
  known: DecodeCoefficients,
  from: DecodeCoefficients,
  to: DecodeCoefficients,
): DecodeCoefficients {
  const value = known.perLayer.value * (to.perLayer.value / from.perLayer.value);
  return { ...known, perLayer: { ...known.perLayer, value } };
}

function wideningOf(
  work: DecodeWork,
  datasheet: Datasheet,
  { last, isTold }: Witnesses<DecodeWork>,
): readonly Widening[] {
  const otherBox = last?.basis !== "measured here" && sharesPower(datasheet);
  const boxes = otherBox ? (["powerLimits"] as const) : [];
  if (last === undefined) {
    const kQuants = datasheet.backend === "metal" && decodeFeatures(work).perKQuantByte > 0;
    return [
      ...boxes,
      ...(datasheet.backend === "cpu" ? (["processors"] as const) : []),
      ...(hasNoMatrixUnits(datasheet) ? (["noMatrixUnits"] as const) : []),
      ...(datasheet.backend === "cuda" && memoryKindOf(datasheet) === "stacked"
        ? (["stackedDecode"] as const)
        : []),
      ...(datasheet.backend === "vulkan" && isIntel(datasheet) ? (["intel"] as const) : []),
      ...(kQuants ? (["kQuantsOnApple"] as const) : []),
    ];
  }
  return [
    ...boxes,
    ...(isTold(work) ? [] : (["otherLayers"] as const)),
    ...(last.isOld && datasheet.backend !== "metal" ? (["oldBuilds"] as const) : []),
    ...(last.spoiled ? (["spoiled"] as const) : []),
  ];
}

/** What the memories' full bandwidth would take; 0 where it isn't known. */
export function leastDecodeSeconds(work: DecodeWork, datasheet: Datasheet): number {
  const { weights, kv, flashKv, host } = decodeBytes(work);
  const { bandwidthBytesPerSecond, hostBandwidthBytesPerSecond } = datasheet;
  const device = bandwidthBytesPerSecond ?? Number.POSITIVE_INFINITY;
  const ram = hostBandwidthBytesPerSecond ?? Number.POSITIVE_INFINITY;
  return (weights + kv + flashKv) / device + host / ram;
}

/** Tokens per second at the memory's full bandwidth, or at the one that is assumed where nobody told. */
function memorySpeed(work: DecodeWork, datasheet: Datasheet): number {
  const { bandwidthBytesPerSecond: known } = datasheet;
  const device = known ?? assumedHostBandwidth;
  return 1 / leastDecodeSeconds(work, { ...datasheet, bandwidthBytesPerSecond: device });
}

/** Below this, caches of CPUs and GPUs may hold the weights, and memory is no bound: the largest L3 is 1.1 GiB. */
const cachedBytes = 1.2e9;

/** A datasheet's bandwidth is nominal and a clock may be raised: this much above is no contradiction. */
const tolerance = 1.03;

export function beatsBandwidth(
  tokensPerSecond: number,
  work: DecodeWork,
  datasheet: Datasheet,
): boolean {
  const least = leastDecodeSeconds(work, datasheet);
  return work.weightsBytesRead > cachedBytes && tokensPerSecond * least > tolerance;
}
