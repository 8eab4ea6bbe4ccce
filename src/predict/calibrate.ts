/** Reads the constants of decode and prefill off published rows, by least squares: what `npm run bench:predict` judges, and ships. */
import { sum } from "simple-statistics";
import { groupBy } from "../base/groupBy.ts";
import type { Calibration } from "./calibration.ts";
import { decodeConstants, decodeRules, type DecodeConstant } from "./decodeDefaults.ts";
import { decodeBytes, decodeFeatures } from "./decodeFit.ts";
import { fitCoefficients, type Expectation, type Observation } from "./leastSquares.ts";
import { prefillConstants, prefillRules, type PrefillConstant } from "./prefillDefaults.ts";
import { prefillFeatures } from "./prefillFit.ts";
import { overlaps } from "./prefillOverlap.ts";
import type { Sample } from "./publishedSamples.ts";
import type { Constants, Rule } from "./speedRule.ts";

/**
 * What is supposed before any row, by the first words of a constant's name: so that a machine, a kind of memory or an
 * architecture that is left out leaves nothing of itself behind. A layer is about twenty kernels; launching one takes some
 * 2 µs out of a CUDA graph and 3 µs more without it, 3 µs on Vulkan and 7 on Metal, orders of magnitude all of them.
 */
const priors: readonly (readonly [start: string, Expectation])[] = [
  ["layer m1", { value: 150e-6, relativeError: 1 }],
  ["layer metal", { value: 150e-6, relativeError: 1 }],
  ["layer vulkan", { value: 60e-6, relativeError: 1 }],
  ["layer", { value: 40e-6, relativeError: 1 }],
  ["launches", { value: 60e-6, relativeError: 1 }],
  // No memory is read faster than its maker says.
  ["byte", { value: 1.08, relativeError: 0.15, least: 1 }],
  ["k-quant", { value: 1e-11, relativeError: 1 }],
  ["streams", { value: 1e-3, relativeError: 1 }],
  // A cache is read at the memory's rate at best, by kernels that are smaller than those of weights.
  ["kv", { value: 1.5, relativeError: 0.3, least: 1 }],
  ["flash kv", { value: 1.3, relativeError: 0.3, least: 1 }],
  // Its rate is one that was reached.
  ["operation metal 2025", { value: 0.1, relativeError: 1 }],
  ["operation metal", { value: 0.9, relativeError: 0.3 }],
  // What llama.cpp's int8 matrix kernels of June 2024 saved: pull requests #7676 and #7860 measured 1.5 to 1.65 times.
  ["operation cuda 2024", { value: 0.8, relativeError: 1 }],
  ["float operation cuda 2024", { value: 0.4, relativeError: 1 }],
  // A chip that shares its power with a CPU clocks lower than a card.
  ["operation vulkan shared 2025", { value: 2, relativeError: 1 }],
  ["operation vulkan shared", { value: 1, relativeError: 1 }],
  ["operation rocm shared 2025", { value: 2, relativeError: 1 }],
  ["operation rocm shared", { value: 0.5, relativeError: 1 }],
  // On Intel's first cards llama.cpp computes in vector units, which do a quarter of what the matrix units could (ggml-vulkan.cpp).
  ["operation intel", { value: 8, relativeError: 0.5 }],
  ["operation", { value: 2, relativeError: 1 }],
  ["float operation", { value: 2, relativeError: 1 }],
  ["activation", { value: 1, relativeError: 1 }],
  // Nobody attends for nothing, whatever the few rows of one kind seem to say. Apple's rate is one that was reached.
  ["attention metal", { value: 2, relativeError: 1, least: 1 }],
  ["flash attention metal", { value: 2, relativeError: 1, least: 1 }],
  ["attention", { value: 4, relativeError: 1, least: 1 }],
  ["flash attention", { value: 4, relativeError: 1, least: 1 }],
  ["pass", { value: 50e-6, relativeError: 1 }],
];

/** Nobody publishes rows that tell them. */
const assumed: ReadonlySet<string> = new Set(["layer cpu", "kv vulkan", "operation cpu"]);

export function calibrate(samples: readonly Sample[]): Pick<Calibration, "decode" | "prefill"> {
  const decode = samples.flatMap((sample): Weighed[] => {
    const { datasheet, isOld, decode: one } = sample;
    if (one === null || decodeBytes(one.work).host > 0) return [];
    const rules = decodeRules(datasheet, isOld);
    const parts = partsOf(rules, decodeFeatures(one.work));
    return [{ sample, parts, seconds: one.seconds }];
  });
  const prefill = samples.flatMap((sample): Weighed[] => {
    const { datasheet, isOld, prefill: one } = sample;
    // How well cards work at once is no rate of theirs.
    if (one === null || overlaps(one.work, datasheet.deviceCount)) return [];
    const rules = prefillRules(datasheet, isOld);
    return [{ sample, parts: partsOf(rules, prefillFeatures(one.work)), seconds: one.seconds }];
  });
  return {
    decode: read<DecodeConstant>(decode, decodeConstants),
    prefill: read<PrefillConstant>(prefill, prefillConstants),
  };
}

interface Weighed {
  readonly sample: Sample;
  /** By constant. */
  readonly parts: ReadonlyMap<string, number>;
  readonly seconds: number;
}

/** What each constant is multiplied with, over all coefficients. */
function partsOf<Name extends string>(
  rules: Readonly<Record<Name, Rule<string>>>,
  features: Readonly<Record<Name, number>>,
): Map<string, number> {
  const parts = new Map<string, number>();
  for (const name of Object.keys(rules) as Name[]) {
    for (const { constant, times } of rules[name].parts) {
      parts.set(constant, (parts.get(constant) ?? 0) + times * features[name]);
    }
  }
  return parts;
}

function read<Name extends string>(
  rows: readonly Weighed[],
  shipped: Constants<Name>,
): Constants<Name> {
  const names = (Object.keys(shipped) as Name[]).filter((name) => !assumed.has(name));
  const weights = weightsOf(rows);
  const observations = rows.map(({ parts, seconds }, index): Observation => ({
    features: names.map((name) => parts.get(name) ?? 0),
    target: seconds,
    weight: weights[index] ?? 1,
  }));
  const values = fitCoefficients(observations, names.map(priorOf));
  const found = Object.fromEntries(names.map((name, index) => [name, values[index] ?? 0]));
  return { ...shipped, ...found };
}

function priorOf(name: string): Expectation {
  const prior = priors.find(([start]) => name.startsWith(start));
  if (prior === undefined) throw new RangeError(`no prior for ${name}`);
  return prior[1];
}

/** A machine with many rows counts more than one with a single row, and far less than its rows do. */
const evenness = 0.7;

function weightsOf(rows: readonly Weighed[]): number[] {
  const counts = new Map(
    [...groupBy(rows, ({ sample }) => sample.machine)].map(([name, own]) => [name, own.length]),
  );
  const raw = rows.map(({ sample }) => (counts.get(sample.machine) ?? 1) ** -evenness);
  const scale = rows.length / sum(raw);
  return raw.map((weight) => weight * scale);
}
