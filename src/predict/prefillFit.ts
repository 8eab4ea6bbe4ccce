/** Prefill's coefficients, from what was expected and the rows that were seen. */
import { fitCoefficients, type Expectation } from "./leastSquares.ts";
import {
  amongQuantizations,
  prefillDrift,
  type PrefillCoefficients,
  type PrefillRuled,
} from "./prefillDefaults.ts";
import type { PrefillWork } from "./prefillWork.ts";
import type { Timed } from "./timedWork.ts";

/** All but the matrices' operations, which go by the quantization. */
const sharedNames = [
  "perActivation",
  "perAttention",
  "perFlashAttention",
  "perLayer",
] as const satisfies readonly PrefillRuled[];

/** What each coefficient is multiplied with. */
export function prefillFeatures(work: PrefillWork): Readonly<Record<PrefillRuled, number>> {
  const { nUbatches, attentionOperations, flashAttention = true } = work;
  const operations = work.matrixOperations + (work.paddingOperations ?? 0);
  const isFloats = isFloat(work.quantization);
  return {
    perOperation: isFloats ? 0 : operations,
    perFloatOperation: isFloats ? operations : 0,
    perActivation: work.activations,
    perAttention: flashAttention ? 0 : attentionOperations,
    perFlashAttention: flashAttention ? attentionOperations : 0,
    perLayer: (work.layerCost ?? work.nLayers) * nUbatches,
  };
}

export function prefillSeconds(coefficients: PrefillCoefficients, work: PrefillWork): number {
  const features = prefillFeatures(work);
  const operations = features.perOperation + features.perFloatOperation;
  return sharedNames.reduce(
    (sum, name) => sum + features[name] * coefficients[name].value,
    operations * operationOf(coefficients, work.quantization).value,
  );
}

function operationOf(
  { byQuantization, perOperation, perFloatOperation }: PrefillCoefficients,
  quantization: string,
): Expectation {
  const own = byQuantization.get(quantization);
  if (own !== undefined) return own;
  // Floats run through other kernels than blocks: like is judged by like.
  const alike = [...byQuantization].filter(([name]) => isFloat(name) === isFloat(quantization));
  if (alike.length === 0) return isFloat(quantization) ? perFloatOperation : perOperation;
  const mean = alike.reduce((sum, [, { value }]) => sum + value, 0) / alike.length;
  return { value: mean, relativeError: amongQuantizations };
}

function isFloat(quantization: string): boolean {
  return /^b?f\d+$/.test(quantization);
}

/** The rows of one llama.cpp build on one machine. */
export function fitPrefill(
  expected: PrefillCoefficients,
  rows: readonly Timed<PrefillWork>[],
): PrefillCoefficients {
  if (rows.length === 0) return expected;
  const scale = fitScale(expected, rows);
  const scaled = ({ value, relativeError }: Expectation): Expectation => ({
    value: value * scale,
    relativeError,
  });
  const quantizations = [...new Set(rows.map(({ work }) => work.quantization))];
  const start = [
    ...quantizations.map((name) => ({
      value: operationOf(expected, name).value * scale,
      relativeError: amongQuantizations,
    })),
    ...sharedNames.map((name) => scaled(expected[name])),
  ];
  const fitted = fitCoefficients(
    rows.map(({ work, seconds }) => ({
      features: featuresOf(work, quantizations),
      target: seconds,
    })),
    start,
  );
  const after = (index: number): Expectation => ({
    // The next build may have what this one's rows didn't show.
    value: Math.max(fitted[index] ?? 0, leastShare * (start[index]?.value ?? 0)),
    relativeError: prefillDrift,
  });
  const shared = (name: (typeof sharedNames)[number]) =>
    after(quantizations.length + sharedNames.indexOf(name));
  return {
    perOperation: scaled(expected.perOperation),
    perFloatOperation: scaled(expected.perFloatOperation),
    byQuantization: new Map([
      ...[...expected.byQuantization].map(([name, old]) => [name, scaled(old)] as const),
      ...quantizations.map((name, index) => [name, after(index)] as const),
    ]),
    perActivation: shared("perActivation"),
    perAttention: shared("perAttention"),
    perFlashAttention: shared("perFlashAttention"),
    perLayer: shared("perLayer"),
  };
}

/** The same coefficients where operations with matrices are expected to take another time than before. */
export function renewPrefill(
  known: PrefillCoefficients,
  from: PrefillCoefficients,
  to: PrefillCoefficients,
): PrefillCoefficients {
  const renewed = (one: Expectation, name: "perOperation" | "perFloatOperation"): Expectation => ({
    ...one,
    value: (one.value * to[name].value) / from[name].value,
  });
  return {
    ...known,
    perOperation: renewed(known.perOperation, "perOperation"),
    perFloatOperation: renewed(known.perFloatOperation, "perFloatOperation"),
    byQuantization: new Map(
      [...known.byQuantization].map(([name, one]) => [
        name,
        renewed(one, isFloat(name) ? "perFloatOperation" : "perOperation"),
      ]),
    ),
  };
}

const leastShare = 0.05;

function featuresOf(work: PrefillWork, quantizations: readonly string[]): number[] {
  const features = prefillFeatures(work);
  const operations = features.perOperation + features.perFloatOperation;
  return [
    ...quantizations.map((name) => (name === work.quantization ? operations : 0)),
    ...sharedNames.map((name) => features[name]),
  ];
}

/** By how much all is slower than expected. */
function fitScale(expected: PrefillCoefficients, rows: readonly Timed<PrefillWork>[]): number {
  const [scale = 1] = fitCoefficients(
    rows.map(({ work, seconds }) => ({
      features: [prefillSeconds(expected, work)],
      target: seconds,
    })),
    [{ value: 1, relativeError: expected.perOperation.relativeError }],
  );
  return scale;
}
