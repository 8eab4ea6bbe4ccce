import { describe, expect, it } from "vitest";
import { writeArchitecture } from "../../scripts/bench/architectures.mjs";
import { backendTraits } from "../../src/fit/backendTraits.ts";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { recurrenceOf } from "../../src/fit/scanWeights.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { plainSettings } from "./sparseModel.ts";

interface Shape {
  readonly architecture: string;
  readonly innerSize: number;
  readonly stateSize: number;
  readonly groups: number;
  readonly dims: readonly number[];
}

/** Of Metal, CUDA and Vulkan, those that scan with the weight; null where it is no part of a scan. */
function scanning({ architecture, dims, ...sizes }: Shape): string[] | null {
  const state = { kind: "ssm", convKernel: 4, timeStepRank: 0, history: null, ...sizes } as const;
  const recurrence = recurrenceOf({ architecture, state }, { name: "blk.0.ssm_a", dims });
  if (recurrence === null) return null;
  return Object.entries(backendTraits)
    .filter(([, { recurs }]) => recurs(recurrence))
    .map(([backend]) => backend);
}

describe("weights that a recurrence scans with", () => {
  it.each([
    [
      "Mamba 2.8B",
      { architecture: "mamba", innerSize: 5120, stateSize: 16, groups: 0, dims: [16, 5120] },
      ["metal", "cuda"],
    ],
    [
      "Mamba 2 2.7B",
      { architecture: "mamba2", innerSize: 5120, stateSize: 128, groups: 1, dims: [1, 80] },
      ["metal", "cuda", "vulkan"],
    ],
    [
      "PLaMo 2 8B",
      { architecture: "plamo2", innerSize: 8192, stateSize: 64, groups: 0, dims: [64] },
      ["metal"],
    ],
    [
      "Qwen3-Next",
      { architecture: "qwen3next", innerSize: 4096, stateSize: 128, groups: 16, dims: [32] },
      null,
    ],
  ] as const)("are on devices that have a kernel for them: %s", (_, shape, backends) => {
    // A device of another machine is taken to have all kernels: llama.cpp's RPC backend asks nobody.
    expect(scanning(shape)).toEqual(backends === null ? null : [...backends, "rpc"]);
  });

  it("stay on the host where its layers' device has none", () => {
    const gguf = readGgufModel(writeArchitecture(temporaryFolder(), "mamba-dense.gguf"));
    const model = fileMemoryModel(gguf, null);
    if (model === null) throw new Error("a header that tells nothing");
    const scanned = model.tensors
      .filter(({ name }) => name.endsWith(".ssm_a"))
      .reduce((sum, { bytes }) => sum + bytes, 0);
    const on = (name: string) =>
      predictMemory(model, { ...plainSettings, gpuLayers: 99 }, [{ name, freeBytes: 2 ** 33 }]);
    const held = on("MTL0").devices[0]?.weightsBytes ?? 0;
    const left = held - (on("Vulkan0").devices[0]?.weightsBytes ?? 0);
    // Backends pad each tensor their own way.
    expect(left / scanned).toBeCloseTo(1, 3);
    expect(on("Vulkan0").host.weightsBytes - on("MTL0").host.weightsBytes).toBe(scanned);
  });
});
