/** Prefill's coefficients, from what was expected and the rows that were seen. */
import { fitCoefficients, type Expectation } from "./leastSquares.ts";
import { amongQuantizations, prefillDrift, type PrefillCoefficients } from "./prefillDefaults.ts";
import type { PrefillWork } from "./prefillWork.ts";
import type { Timed } from "./timedWork.ts";

export function prefillSeconds(coefficients: PrefillCoefficients, work: PrefillWork): number {
  const { perActivation } = coefficients;
  const perAttention = attentionOf(coefficients, work);
  return (
    work.matrixOperations * operationOf(coefficients, work.quantization).value +
    work.activations * perActivation.value +
    work.attentionOperations * perAttention.value
  );
}

function attentionOf(coefficients: PrefillCoefficients, work: PrefillWork): Expectation {
  return (work.flashAttention ?? true) ? coefficients.perFlashAttention : coefficients.perAttention;
}

function operationOf(
  { byQuantization, perOperation }: PrefillCoefficients,
  quantization: string,
): Expectation {
  const own = byQuantization.get(quantization);
  if (own !== undefined) return own;
  // Floats run through other kernels than blocks: like is judged by like.
  const alike = [...byQuantization].filter(([name]) => isFloat(name) === isFloat(quantization));
  if (alike.length === 0) return perOperation;
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
    scaled(expected.perActivation),
    scaled(expected.perAttention),
    scaled(expected.perFlashAttention),
  ];
  const fitted = fitCoefficients(
    rows.map(({ work, seconds }) => ({
      features: [
        ...quantizations.map((name) => (name === work.quantization ? work.matrixOperations : 0)),
        work.activations,
        ...((work.flashAttention ?? true)
          ? [0, work.attentionOperations]
          : [work.attentionOperations, 0]),
      ],
      target: seconds,
    })),
    start,
  );
  const after = (index: number): Expectation => ({
    // The next build may have what this one's rows didn't show.
    value: Math.max(fitted[index] ?? 0, leastShare * (start[index]?.value ?? 0)),
    relativeError: prefillDrift,
  });
  const count = quantizations.length;
  return {
    perOperation: scaled(expected.perOperation),
    byQuantization: new Map([
      ...[...expected.byQuantization].map(([name, old]) => [name, scaled(old)] as const),
      ...quantizations.map((name, index) => [name, after(index)] as const),
    ]),
    perActivation: after(count),
    perAttention: after(count + 1),
    perFlashAttention: after(count + 2),
  };
}

const leastShare = 0.05;

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
