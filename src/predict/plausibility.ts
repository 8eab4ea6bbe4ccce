/** Measured speeds, and claimed ones, that the machine can't reach or falls far below: why that may be. */
import type { Backend } from "../bench/backends.ts";
import type { CaseRecord } from "../bench/record.ts";
import type { WarningCode } from "../bench/warnings.ts";
import type { Datasheet } from "./datasheet.ts";
import {
  beatsBandwidth,
  decodeModel,
  leastDecodeSeconds,
  type DecodePrediction,
} from "./decodeModel.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { prefillModel, type PrefillPrediction } from "./prefillModel.ts";
import type { PrefillWork } from "./prefillWork.ts";
import type { Basis, SpeedSource } from "./speedSource.ts";
import { cacheableBytes, partOf, speedOf, timedDecode, timedPrefill } from "./timedWork.ts";

export const doubtCodes = [
  "beats_bandwidth",
  "far_below_prediction",
] as const satisfies readonly WarningCode[];

export interface SpeedDoubt {
  readonly kind: (typeof doubtCodes)[number];
  /** One line for people. */
  readonly text: string;
}

/** What is known of the circumstances; unknown is left out. */
export interface Circumstances {
  readonly onBattery?: boolean;
  readonly swapping?: boolean;
  /** Throttled, or in a low-power mode. */
  readonly hot?: boolean;
  readonly otherLoad?: boolean;
  /** Buffers on the device fill its budget but for the margin. */
  readonly tight?: boolean;
  readonly backend?: Backend;
}

const halfSpeed = 0.5;

/** @param prediction made without this very case. */
export function decodeDoubts(
  tokensPerSecond: number,
  work: DecodeWork,
  datasheet: Datasheet,
  prediction: DecodePrediction | null,
  circumstances: Circumstances = {},
): SpeedDoubt[] {
  if (beatsBandwidth(tokensPerSecond, work, datasheet)) {
    const bound = 1 / leastDecodeSeconds(work, datasheet);
    return [
      { kind: "beats_bandwidth", text: beyondBound(tokensPerSecond, bound, work, datasheet) },
    ];
  }
  if (prediction === null || tokensPerSecond >= halfSpeed * prediction.tg_ts) return [];
  const { tg_ts: predicted, basis } = prediction;
  const text = farBelow(tokensPerSecond, predicted, basis, work, circumstances);
  return [{ kind: "far_below_prediction", text }];
}

/** The same of a prompt, of which nothing but compute is a bound: below half of the prediction's low end. */
export function prefillDoubts(
  tokensPerSecond: number,
  { hostBytes = 0 }: PrefillWork,
  prediction: PrefillPrediction | null,
  circumstances: Circumstances = {},
): SpeedDoubt[] {
  if (prediction === null || tokensPerSecond >= halfSpeed * prediction.low) return [];
  const { pp_ts: predicted, basis } = prediction;
  const text = farBelow(tokensPerSecond, predicted, basis, { hostBytes }, circumstances);
  return [{ kind: "far_below_prediction", text }];
}

/** Doubts about a measured case, predicted from all that is known but its own model and quantization. */
export function caseDoubts(
  record: CaseRecord,
  source: SpeedSource,
  circumstances: Circumstances = {},
): SpeedDoubt[] {
  const decode = timedDecode(record);
  const prefill = decode === null ? timedPrefill(record) : null;
  const part = decode?.part ?? prefill?.part;
  // Of what a cache holds, nothing else tells.
  if (part === undefined || (record.memory.weightsBytes ?? 0) < cacheableBytes) return [];
  const others = withoutPart(source, part);
  const model = decodeModel(others);
  const { backend } = record.engine;
  const seen = { ...(backend === null ? {} : { backend }), ...circumstances };
  if (decode !== null) {
    const prediction = model?.predict(decode.work) ?? null;
    return decodeDoubts(1 / decode.seconds, decode.work, source.datasheet, prediction, seen);
  }
  if (prefill === null) return [];
  const prediction = prefillModel(others, model)?.predict(prefill.work) ?? null;
  return prefillDoubts(speedOf(record) ?? 0, prefill.work, prediction, seen);
}

/** Cases of one model and quantization are no witnesses for each other. */
export function withoutPart(
  { datasheet, measured, published, roofs = null }: SpeedSource,
  part: string,
): SpeedSource {
  const isOther = (record: CaseRecord) => partOf(record) !== part;
  return {
    datasheet,
    measured: measured.filter(isOther),
    published: published.map((build) => build.filter(isOther)),
    roofs,
  };
}

function beyondBound(
  tokensPerSecond: number,
  bound: number,
  work: DecodeWork,
  { hostBandwidthBytesPerSecond: ram }: Datasheet,
): string {
  const onHost = (work.hostBytes ?? 0) > 0;
  const rate = ram === null ? "" : ` at ${format(ram / 1e9)} GB/s`;
  const places = onHost ? `the GPU's memory and RAM${rate} allow` : "memory allows";
  const reasons = [
    "a smaller model or quantization than stated",
    ...(onHost ? ["fewer layers in main memory"] : []),
    "drafted tokens counted",
  ];
  return `${format(tokensPerSecond)} t/s is more than the ${format(bound)} t/s that ${places} at full bandwidth: ${reasons.join(", or ")}`;
}

function farBelow(
  tokensPerSecond: number,
  predicted: number,
  basis: Basis,
  work: Pick<DecodeWork, "hostBytes">,
  circumstances: Circumstances,
): string {
  const reasons = likelyReasons(work, circumstances).join(", ");
  return `${format(tokensPerSecond)} t/s is less than half of the ${format(predicted)} t/s predicted (${basis}): ${reasons}`;
}

function likelyReasons(
  work: Pick<DecodeWork, "hostBytes">,
  { onBattery, swapping, hot, otherLoad, tight, backend }: Circumstances,
): string[] {
  const known = [
    ...(onBattery ? ["on battery"] : []),
    ...(swapping ? ["the system swaps"] : []),
    ...(hot ? ["slowed by heat or a power mode"] : []),
    ...(otherLoad ? ["other programs were busy"] : []),
    ...(tight && backend === "cuda" ? ["the driver may have spilled into shared memory"] : []),
    ...(tight && backend === "metal" ? ["memory was short, and macOS may have compressed it"] : []),
  ];
  if (known.length > 0) return known;
  return [
    "another device than meant, memory that spilled or swapped, battery, a power limit, or a hot machine",
    ...((work.hostBytes ?? 0) > 0 ? ["too few or too many threads for the layers on the CPU"] : []),
  ];
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
