/**
 * Decode: `time per token = a × layers + bytes read ÷ bandwidth`, with bytes of the KV cache and of host memory at
 * rates of their own, fitted by least squares on what is known of the machine.
 */
import type { CaseRecord } from "../bench/record.ts";
import type { Datasheet } from "./datasheet.ts";
import { expectedDecode, type DecodeCoefficients } from "./decodeDefaults.ts";
import { decodeBytes, decodeSeconds, fitDecode } from "./decodeFit.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { leaveOneOut, type LeaveOneOut } from "./leaveOneOut.ts";
import { spreadOf, typicalError } from "./predictionError.ts";
import { weakest, type Basis, type SpeedSource } from "./speedSource.ts";
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

/** Null where neither rows nor a datasheet tell the memory's bandwidth. */
export function decodeModel(source: SpeedSource): DecodeModel | null {
  const { datasheet } = source;
  const builds = [...source.published, source.measured].map((records) =>
    records.flatMap((record) => timed(record, datasheet)),
  );
  const here = builds.at(-1) ?? [];
  const last = builds.findLastIndex((rows) => rows.length > 0);
  const toldByRows = builds.flat().some(({ work }) => decodeBytes(work).weights > 0);
  if (!toldByRows && datasheet.bandwidthBytesPerSecond === null) return null;
  const before = fitInTurn(datasheet, builds.slice(0, Math.max(0, last)));
  const rows = builds[last] ?? [];
  const fitted = fitDecode(before, rows);
  const basis = last === -1 ? "datasheet" : here.length > 0 ? "measured here" : "published";
  const left = leaveOneOut(rows, (others) => {
    const coefficients = fitDecode(before, others);
    return (work) => decodeSeconds(coefficients, work);
  });
  const hostBasis = here.some(({ work }) => (work.hostBytes ?? 0) > 0) ? basis : "datasheet";
  return {
    basis,
    leaveOneOut: left,
    secondsPerLayer: fitted.perLayer.value,
    bytesPerSecond: 1 / fitted.perByte.value,
    hostBytesPerSecond: 1 / fitted.perHostByte.value,
    predict: (work) => {
      const { host } = decodeBytes(work);
      const seconds = decodeSeconds(fitted, work);
      const error =
        host > 0 ? typicalError("host", hostBasis, left) : typicalError("decode", basis, left);
      const bound = 1 / leastDecodeSeconds(work, datasheet);
      const { centre, low, high } = spreadOf(1 / seconds, error, bound);
      return { tg_ts: centre, low, high, basis: host > 0 ? weakest(basis, hostBasis) : basis };
    },
  };
}

/** What can't be is no witness. */
function timed(record: CaseRecord, datasheet: Datasheet): Timed<DecodeWork>[] {
  const one = timedDecode(record);
  if (one === null || one.work.weightsBytesRead < cacheableBytes) return [];
  return beatsBandwidth(1 / one.seconds, one.work, datasheet) ? [] : [one];
}

function fitInTurn(
  datasheet: Datasheet,
  builds: readonly (readonly Timed<DecodeWork>[])[],
): DecodeCoefficients {
  return builds.reduce(fitDecode, expectedDecode(datasheet));
}

/** What the memories' full bandwidth would take; 0 where it isn't known. */
export function leastDecodeSeconds(work: DecodeWork, datasheet: Datasheet): number {
  const { weights, kv, flashKv, host } = decodeBytes(work);
  const { bandwidthBytesPerSecond, hostBandwidthBytesPerSecond } = datasheet;
  const device = bandwidthBytesPerSecond ?? Number.POSITIVE_INFINITY;
  const ram = hostBandwidthBytesPerSecond ?? Number.POSITIVE_INFINITY;
  return (weights + kv + flashKv) / device + host / ram;
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
