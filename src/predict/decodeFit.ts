/** Decode's coefficients, from what was expected and the rows that were seen. */
import { drift, type DecodeCoefficients } from "./decodeDefaults.ts";
import type { DecodeWork } from "./decodeWork.ts";
import { fitCoefficients, type Expectation } from "./leastSquares.ts";
import type { Timed } from "./timedWork.ts";

/** Bytes per token, by where they are read. */
export interface DecodeBytes {
  readonly weights: number;
  readonly kv: number;
  readonly flashKv: number;
  readonly host: number;
}

export function decodeBytes(work: DecodeWork): DecodeBytes {
  const { weightsBytesRead, kvBytesRead, hostBytes = 0, flashAttention = true } = work;
  const all = weightsBytesRead + kvBytesRead;
  const share = all === 0 ? 1 : 1 - Math.min(hostBytes, all) / all;
  const kv = kvBytesRead * share;
  return {
    weights: weightsBytesRead * share,
    kv: flashAttention ? 0 : kv,
    flashKv: flashAttention ? kv : 0,
    host: Math.min(hostBytes, all),
  };
}

/** In this order, here and below. */
const names = ["perLayer", "perByte", "perKvByte", "perFlashKvByte", "perHostByte"] as const;

function features(work: DecodeWork): number[] {
  const { weights, kv, flashKv, host } = decodeBytes(work);
  return [work.nLayers, weights, kv, flashKv, host];
}

export function decodeSeconds(coefficients: DecodeCoefficients, work: DecodeWork): number {
  return features(work).reduce(
    (sum, feature, index) => sum + feature * coefficients[names[index] ?? "perLayer"].value,
    0,
  );
}

/** The rows of one llama.cpp build on one machine. */
export function fitDecode(
  expected: DecodeCoefficients,
  rows: readonly Timed<DecodeWork>[],
): DecodeCoefficients {
  if (rows.length === 0) return expected;
  // What a byte of the KV cache takes is expected in terms of a byte of weights: that one first.
  const scale = Math.max(tiny, fitPerByte(expected, rows) / expected.perByte.value);
  const start = {
    ...expected,
    // Of a mere order of magnitude the rows alone tell the right one.
    perByte: Number.isFinite(expected.perByte.relativeError)
      ? expected.perByte
      : scaled(expected.perByte, scale),
    perKvByte: scaled(expected.perKvByte, scale),
    perFlashKvByte: scaled(expected.perFlashKvByte, scale),
  };
  const fitted = fitCoefficients(
    rows.map(({ work, seconds }) => ({ features: features(work), target: seconds })),
    names.map((name) => start[name]),
  );
  const after = (name: keyof DecodeCoefficients): Expectation => ({
    // The next build may have what this one's rows didn't show.
    value: Math.max(fitted[names.indexOf(name)] ?? 0, leastShare * start[name].value),
    relativeError: drift[name],
    least: start[name].least ?? 0,
  });
  return {
    perLayer: after("perLayer"),
    perByte: after("perByte"),
    perKvByte: after("perKvByte"),
    perFlashKvByte: after("perFlashKvByte"),
    perHostByte: after("perHostByte"),
  };
}

const leastShare = 0.05;
const tiny = 1e-3;

function scaled(expected: Expectation, scale: number): Expectation {
  return { ...expected, value: expected.value * scale };
}

function fitPerByte(expected: DecodeCoefficients, rows: readonly Timed<DecodeWork>[]): number {
  const { perLayer, perByte, perKvByte, perFlashKvByte, perHostByte } = expected;
  const kvFactor = perKvByte.value / perByte.value;
  const flashKvFactor = perFlashKvByte.value / perByte.value;
  const [, weights = 0] = fitCoefficients(
    rows.map(({ work, seconds }) => {
      const { weights: bytes, kv, flashKv, host } = decodeBytes(work);
      const device = bytes + kvFactor * kv + flashKvFactor * flashKv;
      return { features: [work.nLayers, device, host], target: seconds };
    }),
    [perLayer, perByte, perHostByte],
  );
  return weights;
}
