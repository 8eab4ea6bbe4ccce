/** Do two cases measure the same thing? What differs is listed; what changes the meaning forbids a verdict. */
import type { CaseRecord, OtherSettings } from "../../bench/record.ts";
import { areOneModel } from "../describedModel.ts";
import { layersOnGpu } from "../processors.ts";
import { buildDistance, buildName } from "./builds.ts";

export type SettingValue = string | number | boolean | null;

interface ComparedSetting {
  /** Null where the case doesn't tell. */
  readonly of: (record: CaseRecord) => SettingValue;
  /** Where values that are told may be spelled differently and mean the same, or unknown ones differ. */
  readonly differs?: (baseline: CaseRecord, other: CaseRecord) => boolean;
}

/**
 * In what two cases of one model, quantization and workload can differ, in the order that it is listed. What isn't known on
 * either side is no difference, but for the weights and the build, which are always said, and what is only told where it
 * isn't llama.cpp's default: there unknown is the default.
 */
const settings = {
  model: { of: ({ model }) => model.id, differs: (a, b) => !areOneModel(a.model, b.model) },
  parameters: {
    of: ({ model }) => model.parameters,
    differs: ({ model: a }, { model: b }) => parametersDiffer(a.parameters, b.parameters),
  },
  engine: { of: ({ engine }) => engine.name },
  typeK: { of: (record) => record.settings.typeK },
  typeV: { of: (record) => record.settings.typeV },
  flashAttn: { of: (record) => record.settings.flashAttn },
  nBatch: { of: (record) => record.settings.nBatch },
  nUbatch: { of: (record) => record.settings.nUbatch },
  nThreads: { of: (record) => record.settings.nThreads },
  nCtx: { of: (record) => record.settings.nCtx },
  useCtx: { of: ({ fit }) => fit.useCtx },
  splitMode: { of: (record) => record.settings.splitMode },
  mainGpu: {
    of: (record) => record.settings.mainGpu,
    differs: ({ settings: a }, { settings: b }) => (a.mainGpu ?? 0) !== (b.mainGpu ?? 0),
  },
  devices: {
    of: (record) => record.settings.devices,
    differs: ({ settings: a }, { settings: b }) => a.devices !== b.devices,
  },
  tensorSplit: {
    of: (record) => record.settings.tensorSplit,
    differs: ({ settings: a }, { settings: b }) =>
      differ(proportions(a.tensorSplit), proportions(b.tensorSplit)),
  },
  tensorOverrides: {
    of: (record) => record.settings.tensorOverrides,
    differs: ({ settings: a }, { settings: b }) => a.tensorOverrides !== b.tensorOverrides,
  },
  noKvOffload: {
    of: (record) => record.settings.noKvOffload,
    differs: ({ settings: a }, { settings: b }) =>
      (a.noKvOffload ?? false) !== (b.noKvOffload ?? false),
  },
  nCpuMoe: {
    of: (record) => record.settings.nCpuMoe,
    differs: ({ settings: a }, { settings: b }) => (a.nCpuMoe ?? 0) !== (b.nCpuMoe ?? 0),
  },
  loadMode: {
    of: (record) => record.settings.loadMode,
    differs: ({ settings: a }, { settings: b }) => differ(mapped(a.loadMode), mapped(b.loadMode)),
  },
  sha256: { of: ({ model }) => model.sha256 },
  powerSource: {
    of: ({ machine }) => machine.powerSource,
    differs: ({ machine: a }, { machine: b }) =>
      a.powerSource !== "unknown" &&
      b.powerSource !== "unknown" &&
      differ(a.powerSource, b.powerSource),
  },
  powerMode: { of: ({ machine }) => machine.powerMode },
  gpuLayers: { of: (record) => record.settings.gpuLayers, differs: layersDiffer },
  weights: { of: ({ model }) => model.weights, differs: weightsDiffer },
  build: {
    of: ({ engine }) => buildName(engine),
    differs: ({ engine: a }, { engine: b }) => buildDistance(a, b) !== "same",
  },
} as const satisfies Record<string, ComparedSetting>;

export type Setting = keyof typeof settings;

interface Values {
  readonly baseline: SettingValue;
  readonly other: SettingValue;
}

export type Difference = Values &
  (
    | { readonly setting: Setting }
    /** One of llama-bench's that llmbench has no setting for; null stands for its default, or for what isn't told. */
    | { readonly setting: "other_setting"; readonly name: string }
  );

/**
 * Differences that make it another task. KV types are a precision, as the quantization is; the number of parameters
 * is the model itself. Batches, threads and flash attention are how a machine is best driven at the same task.
 */
export const meaningChanging = [
  "engine",
  "typeK",
  "typeV",
  "parameters",
] as const satisfies readonly Setting[];
export type MeaningChanging = (typeof meaningChanging)[number];

const compared = Object.entries<ComparedSetting>(settings) as [Setting, ComparedSetting][];

export function differencesOf(baseline: CaseRecord, other: CaseRecord): Difference[] {
  const found: Difference[] = [];
  for (const [setting, { of, differs }] of compared) {
    const [a, b] = [of(baseline), of(other)];
    if (differs === undefined ? differ(a, b) : differs(baseline, other))
      found.push({ setting, baseline: a, other: b });
  }
  const { others } = baseline.settings;
  // Rows without any share one object.
  if (others !== other.settings.others)
    found.push(...otherDifferences(others, other.settings.others));
  return found;
}

function otherDifferences(baseline: OtherSettings, other: OtherSettings): Difference[] {
  const names = new Set([...Object.keys(baseline), ...Object.keys(other)]);
  return [...names].flatMap((name): Difference[] => {
    const [a, b] = [baseline[name] ?? null, other[name] ?? null];
    return a === b ? [] : [{ setting: "other_setting", name, baseline: a, other: b }];
  });
}

/** The settings among the differences that change the meaning. */
export function meaningOf(differences: readonly Difference[]): MeaningChanging[] {
  return meaningChanging.filter((name) => differences.some(({ setting }) => setting === name));
}

function differ(a: SettingValue, b: SettingValue): boolean {
  return a !== b && a !== null && b !== null;
}

/** llama-bench's Markdown rounds parameters to two decimals. */
const parametersTolerance = 0.005;

function parametersDiffer(a: number | null, b: number | null): boolean {
  return a !== null && b !== null && Math.abs(a / b - 1) > parametersTolerance;
}

/** What is left to llama.cpp is mapped too, where the devices can. */
function mapped(loadMode: string | null): string | null {
  return loadMode === "auto" ? "mmap" : loadMode;
}

/** Shares of devices in proportion, so that 1/1 is 0.5/0.5. */
function proportions(split: string | null): string | null {
  if (split === null) return null;
  const shares = split.split("/").map(Number);
  const all = shares.reduce((sum, share) => sum + share, 0);
  // All zeros leave the shares to llama.cpp.
  if (all === 0) return "";
  return Number.isNaN(all) ? split : shares.map((share) => (share / all).toFixed(2)).join("/");
}

/** Whether two cases that ran with a GPU had other layers there; how many the model has is known from either. */
function layersDiffer(a: CaseRecord, b: CaseRecord): boolean {
  if (!ranWithGpu(a) || !ranWithGpu(b)) return false;
  const [layersA, layersB] = [a.settings.gpuLayers, b.settings.gpuLayers];
  if (layersA === null || layersB === null) return false;
  const nLayers = a.model.nLayers ?? b.model.nLayers;
  return layersOnGpu(layersA, nLayers) !== layersOnGpu(layersB, nLayers);
}

function ranWithGpu({ status, engine }: CaseRecord): boolean {
  return status === "measured" && engine.backend !== "cpu";
}

/** Synthetic weights against others are always said; two files of unknown making are not. */
function weightsDiffer({ model: { weights: a } }: CaseRecord, other: CaseRecord): boolean {
  const b = other.model.weights;
  return a !== b && (a === "synthetic" || b === "synthetic");
}
