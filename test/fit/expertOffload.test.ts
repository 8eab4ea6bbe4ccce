import { describe, expect, it } from "vitest";
import { appleHost, plainHost, type HostTraits } from "../../src/fit/hostTraits.ts";
import { describedMemoryModel, type MemoryModel } from "../../src/fit/memoryModel.ts";
import type { MemorySettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import type { GgmlTypeName } from "../../src/gguf/ggmlTypes.ts";
import { llama2_7b, qwen3MoeToy } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const shape = { ...qwen3MoeToy, experts: { count: 64, used: 4, n_ff: 512 } };
const apple = appleHost();

function ofType(type: GgmlTypeName): MemoryModel {
  return describedMemoryModel(shape, "f16", mixedTypes(shape, type));
}

function compute(
  model: MemoryModel,
  changed: Partial<MemorySettings>,
  host: HostTraits = plainHost,
): number {
  const settings = { ...plainSettings, gpuLayers: 99, ...changed };
  const devices = [{ name: "MTL0", freeBytes: 2 ** 34 }];
  return predictMemory(model, settings, devices, host).devices[0]?.computeBytes ?? 0;
}

/** Of the largest tensor. */
function expertBytes({ tensors }: MemoryModel): number {
  const experts = tensors.filter(({ name }) => name.includes("_exps"));
  return Math.max(...experts.map(({ bytes }) => bytes));
}

const f16 = ofType("f16");

function withExpertsOnHost(model: MemoryModel, host: HostTraits): number {
  return compute(model, { nUbatch: 32, nCpuMoe: 2 }, host);
}

describe("experts on the host of a Mac", () => {
  it("are copied to the GPU for batches from 32 tokens on", () => {
    const onHost = { nCpuMoe: 2 };
    expect(compute(f16, { ...onHost, nUbatch: 32 })).toBeGreaterThan(expertBytes(f16));
    expect(compute(f16, { ...onHost, nUbatch: 31 })).toBeLessThan(expertBytes(f16) / 4);
  });

  it("are copied where their layers are on the host too", () => {
    expect(compute(f16, { nUbatch: 32, gpuLayers: 0 })).toBeGreaterThan(expertBytes(f16));
  });

  it("stay where the CPU repacked them", () => {
    const [repacked, others] = [ofType("q4_0"), ofType("q4_1")];
    expect(withExpertsOnHost(repacked, plainHost)).toBeGreaterThan(expertBytes(repacked));
    expect(withExpertsOnHost(repacked, apple)).toBeLessThan(expertBytes(repacked));
    expect(withExpertsOnHost(others, apple)).toBe(withExpertsOnHost(others, plainHost));
  });

  it("are all that is: Accelerate takes the large products of dense layers", () => {
    const dense = describedMemoryModel(llama2_7b, "f16", mixedTypes(llama2_7b, "f16"));
    expect(compute(dense, { gpuLayers: 0 })).toBe(0);
  });
});
