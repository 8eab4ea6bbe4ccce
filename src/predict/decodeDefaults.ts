/** Decode's coefficients before any row of the machine was seen: by its datasheet, and what published rows say of its kind. */
import type { DescribedBackend } from "../bench/backends.ts";
import type { Datasheet } from "./datasheet.ts";
import type { Expectation } from "./leastSquares.ts";
import { hasCudaGraphs, memoryKindOf } from "./memoryKind.ts";
import { expectedBy, type Constants, type Rule } from "./speedRule.ts";

/** In this order, here and in the features of a row. */
export const decodeNames = [
  /** One dense layer's launches and waits. */
  "perLayer",
  /** A byte of weights. */
  "perByte",
  /** What a byte of K-quants takes longer. */
  "perKQuantByte",
  /** A byte of the KV cache, without flash attention and with it. */
  "perKvByte",
  "perFlashKvByte",
  /** A byte that the host reads. */
  "perHostByte",
  /** A token's way from the device to the host and back. */
  "perHostTurn",
  /** A layer whose residual streams are mixed without a kernel for it. */
  "perMixedStreams",
] as const;

/** In seconds. */
export type DecodeCoefficients = Readonly<Record<(typeof decodeNames)[number], Expectation>>;

/** What published rows tell of kinds of machines (`npm run bench:predict -- --constants` reads them off anew). */
export const decodeConstants = {
  /** Seconds a layer. Apple's GPUs: the first generation is slower clocked. */
  "layer m1": 150e-6,
  "layer metal": 89.2e-6,
  /** What it took more before autumn 2025, when kernels ran one after the other. */
  "launches metal": 72.8e-6,
  /** On CUDA since graphs are captured (mid 2024), and what launching each kernel took before. */
  "layer cuda": 33.6e-6,
  "launches cuda": 63.1e-6,
  /** Stacked memory, which short kernels don't fill, needs twice the layer's time. */
  "layer stacked": 71e-6,
  "layer vulkan": 57.6e-6,
  /** On ROCm, and what it took more before autumn 2025. */
  "layer rocm": 72.2e-6,
  "launches rocm": 80.2e-6,
  /** An order of magnitude: a CPU's threads meet ten times a layer. */
  "layer cpu": 20e-6,
  /** Residual streams of a layer (DeepSeek-V4's hyper-connections), where no kernel mixes them (v0.4.0: CUDA's and Metal's do). */
  "streams vulkan": 1.62e-3,
  "streams rocm": 745e-6,
  /** Times as long as the maker's bandwidth would take. Two dies joined read slower than one. */
  "byte metal": 1.07,
  "byte two dies": 1.18,
  "byte cuda": 1.1,
  "byte stacked": 1.32,
  "byte vulkan": 1.01,
  "byte rocm": 1.09,
  /** LPDDR that the CPU has a part in, beside a GPU that isn't Apple's. */
  "byte shared": 1.13,
  "byte intel": 1.73,
  /** Seconds × GPU cores a byte: unpacking K-quants is bound by Apple's arithmetic units. */
  "k-quant metal": 1.81e-11,
  /** Times a byte at the maker's bandwidth. */
  "kv metal": 1.68,
  "kv cuda": 1.46,
  "kv vulkan": 1.5,
  "kv rocm": 1.52,
  "flash kv metal": 1.64,
  "flash kv cuda": 1.33,
  "flash kv vulkan": 1.43,
  "flash kv rocm": 1.24,
} as const satisfies Record<string, number>;

export type DecodeConstant = keyof typeof decodeConstants;

/** An order of magnitude, where nothing is known of the device and its rows will tell. */
const anyBandwidth = 100e9;

/** Two channels of DDR5 at 5600 MT/s, where nothing is known of the host. */
export const assumedHostBandwidth = 89.6e9;

/** Of the RAM's bandwidth that a CPU's threads draw; assumed, an unmeasured one may do worse. */
const cpuShare = { value: 0.7, relativeError: 0.3 };

/** Of Apple's unified memory: 0.28 (M1 Max), 0.30 (M3 Max), 0.5 (M3), all layers on the CPU, 2023. */
const appleCpuShare = { value: 0.3, relativeError: 0.4 };

/**
 * Activations go to the host and back, and the CPU's threads wake and meet: read off two published rows with experts on
 * the CPU (RTX 2080, 36 layers; two RTX 5090, 3 layers).
 */
const hostTurn: Expectation = { value: 200e-6, relativeError: 0.7 };

/** @param launchesEach whether llama.cpp launches each kernel by itself, as it did on CUDA and ROCm before it captured graphs, and on Metal before they ran beside each other */
export function expectedDecode(
  sheet: Datasheet,
  constants: Constants<DecodeConstant> = decodeConstants,
  launchesEach = false,
): DecodeCoefficients {
  const rules = decodeRules(sheet, launchesEach);
  const by = (name: keyof typeof rules) => expectedBy(rules[name], constants);
  const hostShare = sheet.backend === "metal" ? appleCpuShare : cpuShare;
  const hostBandwidth = sheet.hostBandwidthBytesPerSecond ?? assumedHostBandwidth;
  return {
    perLayer: by("perLayer"),
    perByte: sheet.backend === "cpu" ? ofCpu(sheet) : by("perByte"),
    perKQuantByte: by("perKQuantByte"),
    perKvByte: by("perKvByte"),
    perFlashKvByte: by("perFlashKvByte"),
    perHostByte: {
      value: 1 / (hostShare.value * hostBandwidth),
      relativeError: hostShare.relativeError,
      least: sheet.hostBandwidthBytesPerSecond === null ? 0 : 1 / hostBandwidth,
    },
    perHostTurn: hostTurn,
    perMixedStreams: by("perMixedStreams"),
  };
}

function ofCpu({ bandwidthBytesPerSecond: known }: Datasheet): Expectation {
  return {
    value: 1 / (cpuShare.value * (known ?? anyBandwidth)),
    relativeError: known === null ? Number.POSITIVE_INFINITY : cpuShare.relativeError,
    least: known === null ? 0 : 1 / known,
  };
}

type Ruled = Exclude<keyof DecodeCoefficients, "perHostByte" | "perHostTurn">;

/** Of those that are read off published rows. */
export function decodeRules(
  sheet: Datasheet,
  launchesEach: boolean,
): Readonly<Record<Ruled, Rule<DecodeConstant>>> {
  const { backend, bandwidthBytesPerSecond: known } = sheet;
  const perByte = 1 / (known ?? anyBandwidth);
  const least = known === null ? 0 : perByte;
  const kv = kvConstants[backend];
  const one = (constant: DecodeConstant, times: number, relativeError: number, bound = 0) => ({
    parts: [{ constant, times }],
    relativeError,
    least: bound,
  });
  return {
    perLayer: layerRule(sheet, launchesEach),
    perByte: one(
      byteConstant(sheet),
      perByte,
      known === null ? Number.POSITIVE_INFINITY : 0.1,
      least,
    ),
    perKQuantByte: kQuantRule(sheet),
    perKvByte: one(kv.plain, perByte, 0.7, least),
    perFlashKvByte: one(kv.flash, perByte, 0.5, least),
    perMixedStreams: streamsRule(sheet),
  };
}

const kvConstants: Readonly<
  Record<DescribedBackend, { readonly plain: DecodeConstant; readonly flash: DecodeConstant }>
> = {
  metal: { plain: "kv metal", flash: "flash kv metal" },
  cuda: { plain: "kv cuda", flash: "flash kv cuda" },
  vulkan: { plain: "kv vulkan", flash: "flash kv vulkan" },
  rocm: { plain: "kv rocm", flash: "flash kv rocm" },
  cpu: { plain: "kv cuda", flash: "flash kv cuda" },
};

function layerRule(sheet: Datasheet, launchesEach: boolean): Rule<DecodeConstant> {
  const part = (constant: DecodeConstant) => ({ constant, times: 1 });
  switch (sheet.backend) {
    case "metal":
      return {
        parts: [
          part(isFirstApple(sheet) ? "layer m1" : "layer metal"),
          ...(launchesEach ? [part("launches metal")] : []),
        ],
        relativeError: 1,
      };
    case "cuda": {
      const own = memoryKindOf(sheet) === "stacked" ? "layer stacked" : "layer cuda";
      const each = launchesEach || !hasCudaGraphs(sheet);
      return {
        parts: [part(own), ...(each ? [part("launches cuda")] : [])],
        relativeError: 1,
      };
    }
    case "vulkan":
      return { parts: [part("layer vulkan")], relativeError: 1 };
    case "rocm":
      return {
        parts: [part("layer rocm"), ...(launchesEach ? [part("launches rocm")] : [])],
        relativeError: 1,
      };
    case "cpu":
      return { parts: [part("layer cpu")], relativeError: 1 };
    default:
      return sheet.backend satisfies never;
  }
}

function byteConstant(sheet: Datasheet): DecodeConstant {
  switch (sheet.backend) {
    case "metal":
      return sheet.chip.endsWith("ultra") ? "byte two dies" : "byte metal";
    case "cuda":
      return byteConstantOfKind(sheet, "byte cuda");
    case "vulkan":
      return isIntel(sheet) ? "byte intel" : byteConstantOfKind(sheet, "byte vulkan");
    case "rocm":
      return byteConstantOfKind(sheet, "byte rocm");
    case "cpu":
      return "byte cuda";
    default:
      return sheet.backend satisfies never;
  }
}

function byteConstantOfKind(sheet: Datasheet, graphics: DecodeConstant): DecodeConstant {
  const kinds = { graphics, stacked: "byte stacked", shared: "byte shared" } as const;
  return kinds[memoryKindOf(sheet)];
}

function kQuantRule(sheet: Datasheet): Rule<DecodeConstant> {
  const { backend, gpuCores } = sheet;
  if (backend !== "metal" || gpuCores === null) return { parts: [], relativeError: 1 };
  return { parts: [{ constant: "k-quant metal", times: 1 / gpuCores }], relativeError: 0.7 };
}

function streamsRule({ backend }: Datasheet): Rule<DecodeConstant> {
  const relativeError = 0.5;
  if (backend !== "vulkan" && backend !== "rocm") return { parts: [], relativeError };
  return { parts: [{ constant: `streams ${backend}`, times: 1 }], relativeError };
}

function isFirstApple({ chip }: Datasheet): boolean {
  return /^m1\b/.test(chip);
}

export function isIntel({ chip }: Datasheet): boolean {
  return /^arc\b/.test(chip);
}

/** How far a llama.cpp build may be from an older one on the same machine. */
export const drift: Readonly<Record<keyof DecodeCoefficients, number>> = {
  perLayer: 0.5,
  perByte: 0.05,
  perKQuantByte: 0.5,
  perKvByte: 0.5,
  perFlashKvByte: 0.5,
  perHostByte: 0.2,
  perHostTurn: 0.5,
  perMixedStreams: 0.5,
};
