import { describe, expect, it } from "vitest";
import { resolvedOtherwise } from "../../src/run/resolvedOtherwise.ts";
import type { CaseSettings } from "../../src/suite/caseSettings.ts";

const settings: CaseSettings = {
  workload: { nPrompt: 512, nGen: 0, nDepth: 0 },
  placement: {
    gpuLayers: "auto",
    splitMode: "layer",
    mainGpu: 0,
    tensorSplit: [],
    nCpuMoe: 0,
    loadMode: "auto",
  },
  context: {
    nBatch: 2048,
    nUbatch: 512,
    nThreads: 8,
    typeK: "f16",
    typeV: "f16",
    flashAttn: "auto",
    noKvOffload: false,
  },
};

const row = { flash_attn: 1, n_gpu_layers: 33, n_layers: 32, load_mode: "mmap" };

type Asked = Partial<CaseSettings["placement"] & CaseSettings["context"]>;

function warned(asked: Asked, resolved: Partial<typeof row>): string[] {
  const { placement, context } = settings;
  return resolvedOtherwise(
    {
      ...settings,
      placement: { ...placement, ...asked },
      context: { ...context, ...asked },
    },
    { ...row, ...resolved },
  );
}

describe("a setting", () => {
  it("that was left to llama.cpp is never resolved otherwise", () => {
    expect(warned({}, { flash_attn: 0, n_gpu_layers: 0, load_mode: "none" })).toEqual([]);
  });

  it("that was asked for and is so warns of nothing", () => {
    expect(
      warned({ flashAttn: "on", gpuLayers: 20, loadMode: "mmap" }, { n_gpu_layers: 20 }),
    ).toEqual([]);
  });

  it("that llama.cpp refused is named with what was asked", () => {
    expect(warned({ flashAttn: "on" }, { flash_attn: 0 })).toEqual([
      "resolved_otherwise: flash attention off where on was asked",
    ]);
  });

  it("of more layers than the model has means all of them", () => {
    expect(warned({ gpuLayers: 99 }, {})).toEqual([]);
    expect(warned({ gpuLayers: "max" }, {})).toEqual([]);
  });

  it("of layers that the device didn't take says how many it has", () => {
    expect(
      warned({ gpuLayers: 99, loadMode: "mmap" }, { n_gpu_layers: 0, load_mode: "none" }),
    ).toEqual([
      "resolved_otherwise: layers on the device 0 where 33 was asked, load mode none where mmap was asked",
    ]);
  });
});
