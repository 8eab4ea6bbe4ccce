/** Prefill's coefficients before any row of the machine was seen: by its datasheet, and what published rows say of its kind. */
import type { DescribedBackend } from "../bench/backends.ts";
import type { Datasheet } from "./datasheet.ts";
import { isIntel } from "./decodeDefaults.ts";
import type { Expectation } from "./leastSquares.ts";
import { isHalved, memoryKindOf, warpShare } from "./memoryKind.ts";
import { expectedBy, type Constants, type Rule } from "./speedRule.ts";

/** In seconds. */
export interface PrefillCoefficients {
  /** One operation with matrices of a quantization that no row has: of blocks, and of floats. */
  readonly perOperation: Expectation;
  readonly perFloatOperation: Expectation;
  readonly byQuantization: ReadonlyMap<string, Expectation>;
  /** One token's element in one layer: norms, rope, additions, and what else comes and goes beside the matrices. */
  readonly perActivation: Expectation;
  /** One operation of attention without flash attention, and with it. */
  readonly perAttention: Expectation;
  readonly perFlashAttention: Expectation;
  /** A layer's launches and waits in each ubatch. */
  readonly perLayer: Expectation;
}

export type PrefillRuled = Exclude<keyof PrefillCoefficients, "byQuantization">;

/** What published rows tell of kinds of machines (`npm run bench:predict -- --constants` reads them off anew). */
export const prefillConstants = {
  /** Times as long as the matrix units' full rate would take. */
  "operation cuda": 0.877,
  "operation cuda 2024": 1.04,
  "float operation cuda": 0.872,
  "float operation cuda 2024": 0.355,
  "operation stacked": 3.41,
  "float operation stacked": 2.07,
  "operation metal": 0.777,
  /** What it took more before autumn 2025. */
  "operation metal 2025": 0.103,
  "operation vulkan": 2.51,
  "operation vulkan nvidia": 1.86,
  /** What a GPU beside a CPU takes more than a card. */
  "operation vulkan shared": 1.66,
  /** What it took more before autumn 2025. */
  "operation vulkan shared 2025": 4.31,
  "operation rocm": 2.17,
  "operation rocm shared": 0.163,
  "operation rocm shared 2025": 6.1,
  "operation intel": 10.7,
  "operation cpu": 1,
  /** Times as long as 300 bytes an element at the memory's bandwidth would take. */
  "activation metal": 1.26,
  "activation cuda": 1.5,
  "activation vulkan": 0.631,
  "activation rocm": 1.49,
  /** Times as long as at the matrix units' full rate. */
  "attention metal": 2.91,
  "attention cuda": 8.86,
  "attention vulkan": 3.68,
  "attention rocm": 4.96,
  "flash attention metal": 1.19,
  "flash attention cuda": 3.12,
  "flash attention vulkan": 5.87,
  "flash attention rocm": 8.66,
  /** Seconds a layer of a ubatch. */
  "pass metal": 60.7e-6,
  "pass cuda": 80.4e-6,
  "pass vulkan": 49e-6,
  "pass rocm": 115e-6,
} as const satisfies Record<string, number>;

export type PrefillConstant = keyof typeof prefillConstants;

/** Bytes of intermediate results that one element of the residual stream makes in one layer, in F32: about 75 readings and writings. */
const bytesPerActivation = 300;

/** Operations per second and core that Apple's GPUs reach with Llama 2 7B Q4_0 (discussion #4167); M5's matrix units: pull request #16634. */
const appleRatePerCore: Readonly<Record<string, number>> = {
  m1: 0.215e12,
  m2: 0.24e12,
  m3: 0.25e12,
  m4: 0.295e12,
  m5: 0.87e12,
};

const anyRate = 10e12;
const anyBandwidth = 100e9;

/** How far one quantization's rate is from another's on the same machine. */
export const amongQuantizations = 0.3;

/** How far a llama.cpp build may be from an older one on the same machine: kernels of prefill have doubled in speed. */
export const prefillDrift = 0.5;

export function expectedPrefill(
  sheet: Datasheet,
  constants: Constants<PrefillConstant> = prefillConstants,
  isOld = false,
): PrefillCoefficients {
  const rules = prefillRules(sheet, isOld);
  const by = (name: PrefillRuled) => expectedBy(rules[name], constants);
  return {
    perOperation: by("perOperation"),
    perFloatOperation: by("perFloatOperation"),
    byQuantization: new Map(),
    perActivation: by("perActivation"),
    perAttention: by("perAttention"),
    perFlashAttention: by("perFlashAttention"),
    perLayer: by("perLayer"),
  };
}

/** @param isOld before llama.cpp's kernels of mid 2024, on AMD's chips those of autumn 2025 */
export function prefillRules(
  sheet: Datasheet,
  isOld: boolean,
): Readonly<Record<PrefillRuled, Rule<PrefillConstant>>> {
  const rate = matrixRate(sheet);
  const perOperation = 1 / (rate ?? anyRate);
  const perByte = 1 / (sheet.bandwidthBytesPerSecond ?? anyBandwidth);
  const names = constantNames[sheet.backend];
  const one = (constant: PrefillConstant, times: number, relativeError: number) => ({
    parts: [{ constant, times }],
    relativeError,
  });
  const operation = (kind: "blocks" | "floats") => ({
    parts: operationConstants(sheet, kind, isOld).map((constant) => ({
      constant,
      times: perOperation,
    })),
    relativeError: rate === null ? Number.POSITIVE_INFINITY : 0.3,
  });
  return {
    perOperation: operation("blocks"),
    perFloatOperation: operation("floats"),
    perActivation: one(names.activation, bytesPerActivation * perByte, 1),
    perAttention: one(names.attention, perOperation, 0.7),
    perFlashAttention: one(names.flashAttention, perOperation, 0.7),
    perLayer: one(names.pass, 1, 1),
  };
}

interface ConstantNames {
  readonly activation: PrefillConstant;
  readonly attention: PrefillConstant;
  readonly flashAttention: PrefillConstant;
  readonly pass: PrefillConstant;
}

const ofVulkan: ConstantNames = {
  activation: "activation vulkan",
  attention: "attention vulkan",
  flashAttention: "flash attention vulkan",
  pass: "pass vulkan",
};

const constantNames: Readonly<Record<DescribedBackend, ConstantNames>> = {
  metal: {
    activation: "activation metal",
    attention: "attention metal",
    flashAttention: "flash attention metal",
    pass: "pass metal",
  },
  cuda: {
    activation: "activation cuda",
    attention: "attention cuda",
    flashAttention: "flash attention cuda",
    pass: "pass cuda",
  },
  vulkan: ofVulkan,
  rocm: {
    activation: "activation rocm",
    attention: "attention rocm",
    flashAttention: "flash attention rocm",
    pass: "pass rocm",
  },
  cpu: ofVulkan,
};

function operationConstants(
  sheet: Datasheet,
  kind: "blocks" | "floats",
  isOld: boolean,
): readonly PrefillConstant[] {
  switch (sheet.backend) {
    case "metal":
      return isOld ? ["operation metal", "operation metal 2025"] : ["operation metal"];
    case "cuda":
      return cudaConstants(memoryKindOf(sheet) === "stacked", kind, isOld);
    case "vulkan":
      if (isIntel(sheet)) return ["operation intel"];
      if (/^(?:rtx|gtx)/.test(sheet.chip)) return ["operation vulkan nvidia"];
      if (!sheet.unified) return ["operation vulkan"];
      return isOld
        ? ["operation vulkan", "operation vulkan shared", "operation vulkan shared 2025"]
        : ["operation vulkan", "operation vulkan shared"];
    case "rocm":
      if (!sheet.unified) return ["operation rocm"];
      return isOld
        ? ["operation rocm", "operation rocm shared", "operation rocm shared 2025"]
        : ["operation rocm", "operation rocm shared"];
    case "cpu":
      return ["operation cpu"];
    default:
      return sheet.backend satisfies never;
  }
}

function cudaConstants(
  stacked: boolean,
  kind: "blocks" | "floats",
  isOld: boolean,
): readonly PrefillConstant[] {
  if (stacked) return [kind === "floats" ? "float operation stacked" : "operation stacked"];
  if (kind === "floats") {
    return isOld ? ["float operation cuda", "float operation cuda 2024"] : ["float operation cuda"];
  }
  return isOld ? ["operation cuda", "operation cuda 2024"] : ["operation cuda"];
}

/** Operations per second of the matrix units that llama.cpp's kernels use; null where nothing tells. */
function matrixRate(sheet: Datasheet): number | null {
  const { chip, gpuCores, fp16OperationsPerSecond } = sheet;
  const generation = /^m\d+/.exec(chip)?.[0];
  if (sheet.backend === "metal" && generation !== undefined && gpuCores !== null) {
    const perCore = appleRatePerCore[generation] ?? appleRatePerCore["m5"] ?? 0;
    return perCore * gpuCores;
  }
  if (fp16OperationsPerSecond === null) return null;
  return fp16OperationsPerSecond * (isHalved(sheet) ? 2 : 1) * warpShare(sheet);
}
