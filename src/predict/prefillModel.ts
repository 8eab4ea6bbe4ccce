/**
 * Prefill: bound by compute. Matrix operations at a rate of the quantization, attention by the context it looks over,
 * and what each layer does beside; no faster than the weights can be read once for each ubatch.
 */
import type { CaseRecord } from "../bench/record.ts";
import type { Datasheet } from "./datasheet.ts";
import type { DecodeModel } from "./decodeModel.ts";
import { leaveOneOut, type LeaveOneOut } from "./leaveOneOut.ts";
import { spreadOf, typicalError } from "./predictionError.ts";
import { expectedPrefill } from "./prefillDefaults.ts";
import { fitPrefill, prefillSeconds } from "./prefillFit.ts";
import type { PrefillWork } from "./prefillWork.ts";
import { weakest, type Basis, type SpeedSource } from "./speedSource.ts";
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

/** llama.cpp sends the host's layers to the GPU once a ubatch: PCIe 4.0 ×16 without its overhead, assumed. */
const pcieBytesPerSecond = 25e9;

/** On unified memory the CPU works on its layers itself: a quarter to a ninth of the GPU's speed on M1 Max, M3, M3 Max. */
const hostSlowness = 6;

/** Null where neither rows nor a datasheet tell how fast the machine computes. */
export function prefillModel(source: SpeedSource, decode: DecodeModel | null): PrefillModel | null {
  const { datasheet } = source;
  const builds = [...source.published, source.measured].map((records) =>
    records.flatMap((record) => timed(record, datasheet)),
  );
  const last = builds.findLastIndex((rows) => rows.length > 0);
  const expected = expectedPrefill(datasheet);
  if (last === -1 && !Number.isFinite(expected.perOperation.relativeError)) return null;
  const before = builds.slice(0, Math.max(0, last)).reduce(fitPrefill, expected);
  const rows = builds[last] ?? [];
  const fitted = fitPrefill(before, rows);
  const basis =
    last === -1 ? "datasheet" : last === builds.length - 1 ? "measured here" : "published";
  const left = leaveOneOut(rows, (others) => {
    const coefficients = fitPrefill(before, others);
    return (work) => prefillSeconds(coefficients, work);
  });
  const kind = datasheet.deviceCount > 1 ? "prefillOfSeveral" : "prefill";
  return {
    basis,
    leaveOneOut: left,
    predict: (work) => {
      const { hostBytes = 0, weightsBytes, nUbatches, nLayers, nPrompt } = work;
      const compute = prefillSeconds(fitted, work);
      const passes = decode
        ? nUbatches * (weightsBytes / decode.bytesPerSecond + nLayers * decode.secondsPerLayer)
        : 0;
      const hostShare = Math.min(1, hostBytes / weightsBytes);
      const extra = datasheet.unified
        ? compute * hostShare * (hostSlowness - 1)
        : (nUbatches * hostBytes) / pcieBytesPerSecond;
      const seconds = Math.max(compute, passes) + extra;
      const error = Math.max(
        typicalError(kind, basis, left),
        extra > 0 ? typicalError("host", "datasheet", null) : 0,
      );
      const { centre, low, high } = spreadOf(nPrompt / seconds, error, Number.POSITIVE_INFINITY);
      return { pp_ts: centre, low, high, basis: extra > 0 ? weakest(basis, "datasheet") : basis };
    },
  };
}

/**
 * Integer units do up to four times the operations of the FP16 ones that a datasheet tells of; 1.04 times is the most
 * that is published. What is beyond wasn't computed.
 */
const mostOfDatasheet = 4;

/** Several cards work on several ubatches at once, how well differs from model to model: one ubatch tells of one card. */
function timed(
  record: CaseRecord,
  { fp16OperationsPerSecond: most, deviceCount }: Datasheet,
): Timed<PrefillWork>[] {
  const one = timedPrefill(record);
  if (one === null || ((record.machine.nDevices ?? 1) > 1 && one.work.nUbatches > 1)) return [];
  const limit = mostOfDatasheet * deviceCount * (most ?? Infinity);
  return one.work.matrixOperations / one.seconds > limit ? [] : [one];
}
