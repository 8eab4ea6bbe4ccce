/** Measured speeds, and claimed ones, that the machine can't reach or falls far below: why that may be. */
import type { Datasheet } from "./datasheet.ts";
import { decodeModel, leastDecodeSeconds, type DecodePrediction } from "./decodeModel.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { timedDecode } from "./rowWork.ts";
import type { SpeedRow } from "./speedRow.ts";
import type { SpeedSource } from "./speedSource.ts";

export interface SpeedDoubt {
  readonly kind: "beats_bandwidth" | "far_below_prediction";
  /** One line for people. */
  readonly text: string;
}

/** What is known of the circumstances; unknown is left out. */
export interface Circumstances {
  readonly onBattery?: boolean;
  readonly swapping?: boolean;
  readonly otherLoad?: boolean;
  /** Buffers on the device fill its budget but for the margin. */
  readonly tight?: boolean;
  readonly backend?: string;
}

/** Below this, caches of CPUs and GPUs may hold the weights, and memory is no bound: the largest L3 is 1.1 GiB. */
const cachedBytes = 1.2e9;

/** A datasheet's bandwidth is nominal and a clock may be raised: this much above is no contradiction. */
const tolerance = 1.03;

const halfSpeed = 0.5;

/** `prediction`: made without this very row. */
export function decodeDoubts(
  tokensPerSecond: number,
  work: DecodeWork,
  datasheet: Datasheet,
  prediction: DecodePrediction | null,
  circumstances: Circumstances = {},
): SpeedDoubt[] {
  const bound = 1 / leastDecodeSeconds(work, datasheet);
  if (work.weightsBytesRead > cachedBytes && tokensPerSecond > tolerance * bound) {
    return [{ kind: "beats_bandwidth", text: beatsBandwidth(tokensPerSecond, bound, work) }];
  }
  if (prediction === null || tokensPerSecond >= halfSpeed * prediction.tg_ts) return [];
  const text =
    `${format(tokensPerSecond)} t/s is less than half of the ${format(prediction.tg_ts)} t/s predicted ` +
    `(${prediction.basis}): ${likelyReasons(work, circumstances).join("; ")}`;
  return [{ kind: "far_below_prediction", text }];
}

/** The same of a measured row, predicted from all that is known but its own model and quantization here. */
export function rowDoubts(
  row: SpeedRow,
  source: SpeedSource,
  circumstances: Circumstances = {},
): SpeedDoubt[] {
  const timed = timedDecode(row);
  if (timed === null) return [];
  const others = source.measured.filter((other) => timedDecode(other)?.part !== timed.part);
  const model = decodeModel({ ...source, measured: others });
  const prediction = model?.predict(timed.work) ?? null;
  return decodeDoubts(1 / timed.seconds, timed.work, source.datasheet, prediction, {
    ...(row.backend === null ? {} : { backend: row.backend }),
    ...circumstances,
  });
}

function beatsBandwidth(tokensPerSecond: number, bound: number, work: DecodeWork): string {
  const onHost = (work.hostBytes ?? 0) > 0;
  const places = onHost ? "the GPU's and main memory allow" : "memory allows";
  const reasons = [
    "a smaller model or quantization than stated",
    ...(onHost ? ["fewer layers in main memory"] : []),
    "drafted tokens counted",
  ];
  return `${format(tokensPerSecond)} t/s is more than the ${format(bound)} t/s that ${places} at full bandwidth: ${reasons.join(", or ")}`;
}

function likelyReasons(
  work: DecodeWork,
  { onBattery, swapping, otherLoad, tight, backend }: Circumstances,
): string[] {
  const known = [
    ...(onBattery ? ["on battery"] : []),
    ...(swapping ? ["the system swaps"] : []),
    ...(otherLoad ? ["other programs were busy"] : []),
    ...(tight && backend === "cuda" ? ["the driver may have spilled into shared memory"] : []),
    ...(tight && backend === "metal" ? ["memory was short, and macOS may have compressed it"] : []),
  ];
  if (known.length > 0) return known;
  return [
    "another device than meant, memory that spilled or swapped, a power limit, or a hot machine",
    ...((work.hostBytes ?? 0) > 0 ? ["too few or too many threads for the layers on the CPU"] : []),
  ];
}

function format(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
