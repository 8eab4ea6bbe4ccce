import { describe, expect, it } from "vitest";
import { workloadOf } from "../../src/bench/workload.ts";
import { resolvedOtherwise } from "../../src/run/resolvedOtherwise.ts";
import { warningText } from "../../src/results/codes.ts";
import { usualContext, usualPlacement, type CaseSettings } from "../../src/bench/settings.ts";

const settings: CaseSettings = {
  workload: workloadOf({ prompt: 512, generated: 0, depth: 0 }),
  placement: usualPlacement,
  context: { ...usualContext, nThreads: 8 },
};

const nLayers = 32;
const all = { flashAttn: true, gpuLayers: 33, loadMode: "mmap" };

type Asked = Partial<CaseSettings["placement"] & CaseSettings["context"]>;

function warned(asked: Asked, resolved: Partial<typeof all>): string[] {
  const { placement, context } = settings;
  return resolvedOtherwise(
    {
      ...settings,
      placement: { ...placement, ...asked },
      context: { ...context, ...asked },
    },
    { model: { nLayers }, settings: { ...all, ...resolved } },
  ).map(warningText);
}

describe("a setting", () => {
  it("that was left to llama.cpp is never resolved otherwise", () => {
    expect(warned({}, { flashAttn: false, gpuLayers: 0, loadMode: "none" })).toEqual([]);
  });

  it("that was asked for and is so warns of nothing", () => {
    expect(warned({ flashAttn: "on", gpuLayers: 20, loadMode: "mmap" }, { gpuLayers: 20 })).toEqual(
      [],
    );
  });

  it("that llama.cpp refused is named with what was asked", () => {
    expect(warned({ flashAttn: "on" }, { flashAttn: false })).toEqual([
      "resolved_otherwise: flash attention off where on was asked",
    ]);
  });

  it("of more layers than the model has means all of them", () => {
    expect(warned({ gpuLayers: 99 }, {})).toEqual([]);
    expect(warned({ gpuLayers: "max" }, {})).toEqual([]);
  });

  it("of layers that the device didn't take says how many it has", () => {
    expect(warned({ gpuLayers: 99, loadMode: "mmap" }, { gpuLayers: 0, loadMode: "none" })).toEqual(
      [
        "resolved_otherwise: layers on the device 0 where 33 was asked, load mode none where mmap was asked",
      ],
    );
  });
});
