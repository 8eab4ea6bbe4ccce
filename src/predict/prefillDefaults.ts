/** Prefill's coefficients before any row was seen, with what published rows say of each (`npm run bench:predict`). */
import type { EngineBackend } from "../bench/backends.ts";
import type { Datasheet } from "./datasheet.ts";
import type { Expectation } from "./leastSquares.ts";

/** In seconds. */
export interface PrefillCoefficients {
  /** One operation with matrices of a quantization that no row has. */
  readonly perOperation: Expectation;
  readonly byQuantization: ReadonlyMap<string, Expectation>;
  /** One token's element in one layer: norms, rope, additions, and what else comes and goes beside the matrices. */
  readonly perActivation: Expectation;
  /** One operation of attention without flash attention, and with it. */
  readonly perAttention: Expectation;
  readonly perFlashAttention: Expectation;
}

/** Of the maker's FP16 rate: 0.8 to 1.1 on GeForce cards with Llama 2 7B Q4_0, builds of 2025. */
const computeShare: Expectation = { value: 0.9, relativeError: 0.3 };

/**
 * Of cards with HBM, whose matrix units llama.cpp's kernels don't fill: 0.13 on an H100 with Llama 2 7B Q4_0, 2025.
 */
const hbmComputeShare: Expectation = { value: 0.15, relativeError: 0.5 };
const hbmChips = /^(?:a100|h100|h200)/;

/** Operations per second and core that Apple's GPUs reach with Llama 2 7B Q4_0 (discussion #4167); later chips are M4's. */
const appleRatePerCore: Readonly<Record<string, number>> = {
  m1: 0.215e12,
  m2: 0.24e12,
  m3: 0.25e12,
  m4: 0.29e12,
};

const anyRate = 10e12;

/** Operations with matrices that take as long as one activation, by rows of several sizes on one machine. */
const operationsPerActivation: Readonly<Record<EngineBackend, Expectation>> = {
  cuda: { value: 60e3, relativeError: 1 },
  vulkan: { value: 60e3, relativeError: 1 },
  metal: { value: 15e3, relativeError: 1 },
  cpu: { value: 5e3, relativeError: 1 },
};

/** Operations with matrices that take as long as one of attention: 3 (M3 Max) to 5 (RTX A6000) in 2024. */
const operationsPerAttention: Expectation = { value: 4, relativeError: 0.7 };

/** Assumed. */
const operationsPerFlashAttention: Expectation = { value: 2, relativeError: 0.7 };

/** How far one quantization's rate is from another's on the same machine. */
export const amongQuantizations = 0.3;

/** How far a llama.cpp build may be from an older one on the same machine: kernels of prefill have doubled in speed. */
export const prefillDrift = 0.5;

export function expectedPrefill(sheet: Datasheet): PrefillCoefficients {
  const rate = expectedRate(sheet);
  const perOperation = { value: 1 / rate.value, relativeError: rate.relativeError };
  const times = ({ value, relativeError }: Expectation) => ({
    value: value / rate.value,
    relativeError,
  });
  return {
    perOperation,
    byQuantization: new Map(),
    perActivation: times(operationsPerActivation[sheet.backend]),
    perAttention: times(operationsPerAttention),
    perFlashAttention: times(operationsPerFlashAttention),
  };
}

/** Operations per second. */
function expectedRate({ chip, gpuCores, fp16OperationsPerSecond }: Datasheet): Expectation {
  if (fp16OperationsPerSecond !== null) {
    const share = hbmChips.test(chip) ? hbmComputeShare : computeShare;
    return { ...share, value: share.value * fp16OperationsPerSecond };
  }
  const generation = /^m\d+/.exec(chip)?.[0];
  if (generation === undefined || gpuCores === null) {
    return { value: anyRate, relativeError: Number.POSITIVE_INFINITY };
  }
  const perCore = appleRatePerCore[generation] ?? appleRatePerCore["m4"] ?? 0;
  return { value: perCore * gpuCores, relativeError: 0.2 };
}
