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
 * tokens and more): over PCIe 4.0 with 16 lanes, out of pinned memory, assumed.
 */
const pcieBytesPerSecond = 25e9;

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
  const fitted = fitPrefill(before, rows);
  const basis = last?.basis ?? "datasheet";
  const witnesses = witnessesOf(builds);
  const left = leaveOneOut(rows, (others) => {
    const coefficients = fitPrefill(before, others);
    return (work) => prefillSeconds(coefficients, work);
  });
  const rangeOf = (work: PrefillWork): RangeQuestion => ({
    kind: datasheet.deviceCount > 1 ? "prefillOfSeveral" : "prefill",
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
      const seconds = Math.max(compute, passes) + extra;
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
  { unified }: Datasheet,
): number {
  const share = Math.min(1, hostBytes / weightsBytes);
  return unified
    ? compute * share * (hostSlowness - 1)
    : (nUbatches * hostBytes) / pcieBytesPerSecond;
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

/** Several cards work on several ubatches at once, how well differs from model to model: one ubatch tells of one card. */
function timed(record: CaseRecord, datasheet: Datasheet): Timed<PrefillWork>[] {
  const one = timedPrefill(record);
  if (one === null || ((record.machine.nDevices ?? 1) > 1 && one.work.nUbatches > 1)) return [];
  return beatsCompute(one, datasheet) ? [] : [one];
}
