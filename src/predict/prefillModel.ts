/**
 * Prefill: bound by compute. Matrix operations at a rate of the quantization, attention by the context it looks over,
 * and what each layer does beside; no faster than the weights can be read once for each ubatch.
 */
import type { CaseRecord } from "../bench/record.ts";
import { shippedCalibration, type Calibration } from "./calibration.ts";
import type { Datasheet } from "./datasheet.ts";
import { isIntel } from "./decodeDefaults.ts";
import type { DecodeModel } from "./decodeModel.ts";
import { leaveOneOut, type LeaveOneOut } from "./leaveOneOut.ts";
import { memoryKindOf, sharesPower } from "./memoryKind.ts";
import {
  spreadOf,
  typicalError,
  widest,
  type RangeQuestion,
  type Widening,
} from "./predictionError.ts";
import { expectedPrefill, type PrefillCoefficients } from "./prefillDefaults.ts";
import { fitPrefill, prefillSeconds, renewPrefill } from "./prefillFit.ts";
import { overlapFrom, overlapped, overlaps } from "./prefillOverlap.ts";
import type { PrefillWork } from "./prefillWork.ts";
import { weakest, type Basis, type SpeedSource } from "./speedSource.ts";
import { timedBuilds, witnessesOf, type TimedBuild, type Witnesses } from "./timedBuilds.ts";
import { timedPrefill, type Timed } from "./timedWork.ts";

export interface PrefillPrediction {
  /** Tokens per second; `low` to `high` holds four of five measurements. */
  readonly pp_ts: number;
  readonly low: number;
  readonly high: number;
  readonly basis: Basis;
}

export interface PrefillModel {
  readonly basis: Basis;
  readonly leaveOneOut: LeaveOneOut | null;
  readonly predict: (work: PrefillWork) => PrefillPrediction;
}

/** Read off rows, or off a datasheet and what rows of its kind tell. */
export interface FittedPrefill extends PrefillModel {
  /** What the width of its range goes by, layers on the host apart. */
  readonly rangeOf: (work: PrefillWork) => RangeQuestion;
}

/**
 * llama.cpp sends the host's layers and experts to the GPU once a ubatch (ggml_backend_cuda_device_offload_op, batches of 32
 * tokens and more): over PCIe 4.0 with 16 lanes where nobody says, out of pinned memory, assumed.
 */
const usualSlot = 31.5e9;

/** Of what a slot carries by its clock, with packets' headers off; assumed: 25 GB/s of PCIe 4.0's 31.5. */
const slotShare = 0.79;

/** On unified memory the CPU works on its layers itself: a quarter to a ninth of the GPU's speed on M1 Max, M3, M3 Max. */
const hostSlowness = 6;

/** Null where neither rows nor a datasheet tell how fast the machine computes. */
export function prefillModel(
  source: SpeedSource,
  decode: DecodeModel | null,
  calibration: Calibration = shippedCalibration,
): FittedPrefill | null {
  const { datasheet } = source;
  const builds = timedBuilds(source, (record) => timed(record, datasheet));
  const last = builds.at(-1);
  const expected = (isOld: boolean) => expectedPrefill(datasheet, calibration.prefill, isOld);
  const first = expected(builds[0]?.isOld ?? calibration.oldBuilds);
  if (last === undefined && !Number.isFinite(first.perOperation.relativeError)) return null;
  const before = fitInTurn(first, builds, expected);
  const rows = last?.rows ?? [];
  const asMeasured = fitPrefill(before, rows);
  // As decode is: who asks about one of Apple's chips runs a build of today.
  const isOfToday = last?.isOld !== true || last.basis === "measured here" || calibration.oldBuilds;
  const fitted =
    isOfToday || datasheet.backend !== "metal"
      ? asMeasured
      : renewPrefill(asMeasured, expected(true), expected(false));
  const overlapOf = overlapFrom(
    overlappingRows(source),
    (work) => prefillSeconds(fitted, work),
    datasheet,
  );
  const basis = last?.basis ?? "datasheet";
  const witnesses = witnessesOf(builds);
  const left = leaveOneOut(rows, (others) => {
    const coefficients = fitPrefill(before, others);
    return (work) => prefillSeconds(coefficients, work);
  });
  const rangeOf = (work: PrefillWork): RangeQuestion => ({
    kind: overlaps(work, datasheet.deviceCount) ? "prefillOfSeveral" : "prefill",
    basis,
    left,
    wider: wideningOf(work, datasheet, witnesses),
  });
  const ofHost: RangeQuestion = {
    kind: datasheet.unified ? "host" : "transfer",
    basis,
    left: null,
    wider: [],
  };
  return {
    basis,
    leaveOneOut: left,
    rangeOf,
    predict: (work) => {
      const { weightsBytes, nUbatches, nLayers, layerCost, nPrompt } = work;
      const compute = prefillSeconds(fitted, work);
      const passes = decode
        ? nUbatches *
          (weightsBytes / decode.bytesPerSecond + (layerCost ?? nLayers) * decode.secondsPerLayer)
        : 0;
      const extra = hostSecondsOfPrompt(work, compute, datasheet);
      const serial = Math.max(compute, passes);
      const seconds = overlapped(serial, nUbatches, overlapOf(work)) + extra;
      const questions = [rangeOf(work), ...(extra > 0 ? [ofHost] : [])];
      const error = widest(questions.map((one) => typicalError(one, calibration.ranges)));
      const { centre, low, high } = spreadOf(nPrompt / seconds, error, Number.POSITIVE_INFINITY);
      return { pp_ts: centre, low, high, basis: extra > 0 ? weakest(basis, "datasheet") : basis };
    },
  };
}

/** What weights in host memory take beside a GPU. @param compute seconds with all of them on the device */
export function hostSecondsOfPrompt(
  { hostBytes = 0, weightsBytes, nUbatches }: PrefillWork,
  compute: number,
  { unified, pcieBytesPerSecond, hostBandwidthBytesPerSecond }: Datasheet,
): number {
  const share = Math.min(1, hostBytes / weightsBytes);
  if (unified) return compute * share * (hostSlowness - 1);
  const slot = slotShare * (pcieBytesPerSecond ?? usualSlot);
  return (nUbatches * hostBytes) / Math.min(slot, hostBandwidthBytesPerSecond ?? slot);
}

/** What is known before the rows of the last build. */
function fitInTurn(
  first: PrefillCoefficients,
  builds: readonly TimedBuild<PrefillWork>[],
  expected: (isOld: boolean) => PrefillCoefficients,
): PrefillCoefficients {
  let known = first;
  for (const [index, { rows, isOld }] of builds.entries()) {
    const next = builds[index + 1];
    if (next === undefined) break;
    known = fitPrefill(known, rows);
    // Kernels were rewritten: operations take as much less as is expected.
    if (next.isOld !== isOld) known = renewPrefill(known, expected(isOld), expected(next.isOld));
  }
  return known;
}

function wideningOf(
  work: PrefillWork,
  datasheet: Datasheet,
  { last, isTold }: Witnesses<PrefillWork>,
): readonly Widening[] {
  if (last === undefined) {
    const kind = memoryKindOf(datasheet);
    if (datasheet.backend === "cuda") return kind === "stacked" ? ["stackedPrefill"] : [];
    if (sharesPower(datasheet)) return ["sharedPrompts"];
    if (datasheet.backend === "rocm") return ["rocmPrompts"];
    return datasheet.backend === "vulkan" && isIntel(datasheet) ? ["intel"] : [];
  }
  return [
    ...(isTold(work) ? [] : (["otherPrompts"] as const)),
    ...(last.basis !== "measured here" && sharesPower(datasheet)
      ? (["sharedPrompts"] as const)
      : []),
    ...(last.isOld && datasheet.backend !== "metal" ? (["oldPrompts"] as const) : []),
    ...(last.spoiled ? (["spoiled"] as const) : []),
  ];
}

/**
 * Integer units do up to four times the operations of the FP16 ones that a datasheet tells of; 1.04 times is the most
 * that is published. What is beyond wasn't computed.
 */
const mostOfDatasheet = 4;

export function beatsCompute(
  { work, seconds }: Timed<PrefillWork>,
  { fp16OperationsPerSecond: most, deviceCount }: Datasheet,
): boolean {
  return work.matrixOperations / seconds > mostOfDatasheet * deviceCount * (most ?? Infinity);
}

/** One ubatch tells what cards compute, several of them how well they work at once. */
function timed(record: CaseRecord, datasheet: Datasheet): Timed<PrefillWork>[] {
  const one = timedPrefill(record);
  if (one === null || overlaps(one.work, record.machine.nDevices ?? 1)) return [];
  return beatsCompute(one, datasheet) ? [] : [one];
}

/** Of the last build that has any, since pipelines were rewritten too. */
function overlappingRows(source: SpeedSource): readonly Timed<PrefillWork>[] {
  const builds = timedBuilds(source, (record) => {
    const one = timedPrefill(record);
    const { deviceCount } = source.datasheet;
    const sameCount = (record.machine.nDevices ?? 1) === deviceCount;
    return one !== null && sameCount && overlaps(one.work, deviceCount) ? [one] : [];
  });
  return builds.at(-1)?.rows ?? [];
}
