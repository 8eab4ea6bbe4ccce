/** Memory as llama.cpp prints it, against what is predicted. */
import type { BuffersAt } from "../../src/engines/engine.ts";
import { askMemoryOf } from "../../src/engines/llamacpp/askMemoryOf.ts";
import type { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { memoryDevice, type MemoryDevice } from "../../src/fit/memoryDevice.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import {
  predictMemory,
  type MemoryPrediction,
  type PlaceBytes,
} from "../../src/fit/predictMemory.ts";
import { plainSettings, type SparseModel } from "./sparseModel.ts";

const mib = 2 ** 20;

/** The one software device, as often as it is named. */
export function softwareDevices(count: number): readonly MemoryDevice[] {
  return Array.from({ length: count }, (_, index) =>
    memoryDevice({ name: `Vulkan${index}`, description: "llvmpipe" }, 2 ** 31),
  );
}

export const nothing: BuffersAt = {
  weightsBytes: 0,
  kvBytes: 0,
  stateBytes: 0,
  computeBytes: 0,
  outputBytes: 0,
};

/** Half of the last digit that the log prints, and what a float may miss. */
const printedBytes = 0.005_01 * mib;

const computeShare = 0.01;
const totalShare = 0.02;

function total({
  weightsBytes,
  kvBytes,
  stateBytes,
  computeBytes,
  outputBytes,
}: BuffersAt | PlaceBytes): number {
  return weightsBytes + kvBytes + stateBytes + computeBytes + outputBytes;
}

function off(what: string, ours: number, theirs: number, allowed: number): string[] {
  if (Math.abs(ours - theirs) <= allowed) return [];
  return [`${what}: ${(ours / mib).toFixed(2)} for ${(theirs / mib).toFixed(2)}`];
}

function near(what: string, ours: number, theirs: number, share: number): string[] {
  return off(what, ours, theirs, share * theirs + printedBytes);
}

/** What is predicted wrong, in words. */
export function misses(predicted: PlaceBytes, logged: BuffersAt, allocated: boolean): string[] {
  const exact = (key: "weightsBytes" | "kvBytes" | "outputBytes") =>
    // Windows have a cache of their own, repacked weights a buffer, and each is printed.
    off(key, predicted[key], logged[key], key === "outputBytes" ? printedBytes : 2 * printedBytes);
  return [
    ...near("computeBytes", predicted.computeBytes, logged.computeBytes, computeShare),
    ...(allocated
      ? [
          ...exact("weightsBytes"),
          ...exact("kvBytes"),
          ...exact("outputBytes"),
          ...near("total", total(predicted), total(logged), totalShare),
        ]
      : []),
  ];
}

/** Of all settings, what is predicted wrong. */
export async function wrong(
  child: LlamaChild,
  devices: readonly MemoryDevice[],
  { path, model }: SparseModel,
  grid: readonly Partial<MemorySettings>[],
  { allocate }: { readonly allocate: boolean },
): Promise<string[]> {
  const found: string[] = [];
  for (const changed of grid) {
    const settings = { ...plainSettings, ...changed };
    const { byPlace: logged } = await askMemoryOf(child, { path, ...settings }, { allocate });
    const predicted = predictMemory(model, settings, devices);
    for (const [place, at] of asPrinted(predicted, settings)) {
      const missed = misses(at, logged.get(place) ?? nothing, allocate);
      found.push(...missed.map((miss) => `${JSON.stringify(changed)} ${place} ${miss}`));
    }
  }
  return found;
}

/** Of devices that compute every layer together llama.cpp prints the largest share of each buffer. */
function asPrinted(
  { devices, host }: MemoryPrediction,
  { splitMode }: MemorySettings,
): Map<string, PlaceBytes> {
  const largest = (of: keyof PlaceBytes) => Math.max(0, ...devices.map((at) => at[of]));
  const printed = (at: PlaceBytes): PlaceBytes => {
    if (splitMode !== "tensor") return at;
    const weightsBytes = largest("weightsBytes");
    const kvBytes = largest("kvBytes");
    const stateBytes = largest("stateBytes");
    const totalBytes = weightsBytes + kvBytes + stateBytes + at.computeBytes + at.outputBytes;
    return { ...at, weightsBytes, kvBytes, stateBytes, totalBytes };
  };
  return new Map([
    ...devices.map((at): [string, PlaceBytes] => [at.name, printed(at)]),
    ["host", host],
  ]);
}
