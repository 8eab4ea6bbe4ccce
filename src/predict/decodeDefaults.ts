/** Decode's coefficients before any row was seen, with what published rows say of each (`npm run bench:predict`). */
import type { EngineBackend } from "../bench/backends.ts";
import type { Datasheet } from "./datasheet.ts";
import type { Expectation } from "./leastSquares.ts";

/** In seconds: one layer's launches and waits; one byte of weights, of the KV cache, of what the host reads. */
export interface DecodeCoefficients {
  readonly perLayer: Expectation;
  readonly perByte: Expectation;
  readonly perKvByte: Expectation;
  readonly perFlashKvByte: Expectation;
  readonly perHostByte: Expectation;
}

/**
 * Seconds per layer. Metal: 99 to 260 µs over 20 chips with Llama 2 7B. CUDA and Vulkan: 33 to 60 µs in the
 * scoreboards of 2025, twice that in builds of 2023 and 2024. CPU: an order of magnitude, its threads meet ten times.
 */
const perLayer: Readonly<Record<EngineBackend, Expectation>> = {
  metal: { value: 165e-6, relativeError: 1 },
  cuda: { value: 50e-6, relativeError: 1 },
  vulkan: { value: 50e-6, relativeError: 1 },
  cpu: { value: 20e-6, relativeError: 1 },
};

/** Of the maker's bandwidth, by rows of F16 and Q4_0 on one machine: 0.81 (two dies) to 0.97. */
const bandwidthShare: Expectation = { value: 0.92, relativeError: 0.1 };

/** Of the RAM's bandwidth that a CPU's threads draw; assumed, an unmeasured one may do worse. */
const cpuBandwidthShare: Expectation = { value: 0.7, relativeError: 0.3 };

/** Of Apple's unified memory: 0.28 (M1 Max), 0.30 (M3 Max), 0.5 (M3), all layers on the CPU, 2023. */
const appleCpuBandwidthShare: Expectation = { value: 0.3, relativeError: 0.4 };

/** Times a byte of weights: 1.5 to 3.5 on CUDA, 6 on Metal, in rows at up to 8192 tokens of 2024. */
const kvFactor: Readonly<Record<EngineBackend, Expectation>> = {
  metal: { value: 3, relativeError: 1 },
  cuda: { value: 2.5, relativeError: 0.7 },
  vulkan: { value: 2.5, relativeError: 0.7 },
  cpu: { value: 2.5, relativeError: 0.7 },
};

/** With flash attention; assumed: near the weights' own. */
const flashKvFactor: Expectation = { value: 1.5, relativeError: 0.5 };

/** Two channels of DDR5 at 5600 MT/s, where nothing is known of the host. */
const assumedHostBandwidth = 89.6e9;

/** An order of magnitude, where nothing is known of the device and its rows will tell. */
const anyBandwidth = 100e9;

export function expectedDecode(sheet: Datasheet): DecodeCoefficients {
  const share = sheet.backend === "cpu" ? cpuBandwidthShare : bandwidthShare;
  const known = sheet.bandwidthBytesPerSecond;
  const perByte = {
    value: 1 / (share.value * (known ?? anyBandwidth)),
    relativeError: known === null ? Number.POSITIVE_INFINITY : share.relativeError,
    least: known === null ? 0 : 1 / known,
  };
  const times = ({ value, relativeError }: Expectation) => ({
    value: value * perByte.value,
    relativeError,
    least: perByte.least,
  });
  const hostShare = sheet.backend === "metal" ? appleCpuBandwidthShare : cpuBandwidthShare;
  const hostBandwidth = sheet.hostBandwidthBytesPerSecond ?? assumedHostBandwidth;
  return {
    perLayer: perLayer[sheet.backend],
    perByte,
    perKvByte: times(kvFactor[sheet.backend]),
    perFlashKvByte: times(flashKvFactor),
    perHostByte: {
      value: 1 / (hostShare.value * hostBandwidth),
      relativeError: hostShare.relativeError,
      least: sheet.hostBandwidthBytesPerSecond === null ? 0 : 1 / hostBandwidth,
    },
  };
}

/** How far a llama.cpp build may be from an older one on the same machine. */
export const drift: Readonly<Record<keyof DecodeCoefficients, number>> = {
  perLayer: 0.5,
  perByte: 0.05,
  perKvByte: 0.5,
  perFlashKvByte: 0.5,
  perHostByte: 0.2,
};
