/** Decode's coefficients, from what was expected and the rows that were seen. */
import { decodeNames, drift, type DecodeCoefficients } from "./decodeDefaults.ts";
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

/** `q4_k_m` and its like; not `q8_k`, which no file is made of. */
function isKQuant(quantization: string | null | undefined): boolean {
  return /q[2-6]_k/.test(quantization ?? "");
}

/** What each coefficient is multiplied with. */
export function decodeFeatures(
  work: DecodeWork,
): Readonly<Record<keyof DecodeCoefficients, number>> {
  const { weights, kv, flashKv, host } = decodeBytes(work);
  return {
    perLayer: work.layerCost ?? work.nLayers,
    perByte: weights,
    perKQuantByte: isKQuant(work.quantization) ? weights : 0,
    perKvByte: kv,
    perFlashKvByte: flashKv,
    perHostByte: host,
    perHostTurn: work.hostTurns ?? 0,
    perMixedStreams: work.mixedStreams ?? 0,
  };
}

function inOrder(work: DecodeWork): number[] {
  const features = decodeFeatures(work);
  return decodeNames.map((name) => features[name]);
}

export function decodeSeconds(coefficients: DecodeCoefficients, work: DecodeWork): number {
  const features = decodeFeatures(work);
  return decodeNames.reduce((sum, name) => sum + features[name] * coefficients[name].value, 0);
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
    rows.map(({ work, seconds }) => ({ features: inOrder(work), target: seconds })),
    decodeNames.map((name) => start[name]),
  );
  const after = (name: keyof DecodeCoefficients): Expectation => ({
    // The next build may have what this one's rows didn't show.
    value: Math.max(fitted[decodeNames.indexOf(name)] ?? 0, leastShare * start[name].value),
    relativeError: drift[name],
    least: start[name].least ?? 0,
  });
  return {
    perLayer: after("perLayer"),
    perByte: after("perByte"),
    perKQuantByte: after("perKQuantByte"),
    perKvByte: after("perKvByte"),
    perFlashKvByte: after("perFlashKvByte"),
    perHostByte: after("perHostByte"),
    perHostTurn: after("perHostTurn"),
    perMixedStreams: after("perMixedStreams"),
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
  const kQuantFactor = expected.perKQuantByte.value / perByte.value;
  const [, weights = 0] = fitCoefficients(
    rows.map(({ work, seconds }) => {
      const features = decodeFeatures(work);
      const { perLayer: layers, perKQuantByte: kQuant, perHostTurn: turns } = features;
      const { weights: bytes, kv, flashKv, host } = decodeBytes(work);
      const device = bytes + kQuantFactor * kQuant + kvFactor * kv + flashKvFactor * flashKv;
      const rest =
        turns * expected.perHostTurn.value +
        features.perMixedStreams * expected.perMixedStreams.value;
      return {
        features: [layers, device, host],
        target: Math.max(seconds - rest, tiny * seconds),
      };
    }),
    [perLayer, perByte, perHostByte],
  );
  return weights;
}
