import { describe, expect, it } from "vitest";
import { FitTrial } from "../../src/fit/fitTrial.ts";
import { judgeFit } from "../../src/fit/judgeFit.ts";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
import type { FitSettings } from "../../src/fit/memorySettings.ts";
import { memoryBudget, type DeviceMemory } from "../../src/machine/memoryBudget.ts";
import { llama2_7b } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const gib = 2 ** 30;
const model = describedMemoryModel(llama2_7b, "q4_0", mixedTypes(llama2_7b, "q4_0", "q6_K"));
const settings: FitSettings = {
  ...plainSettings,
  nCtx: 4096,
  gpuLayers: "auto",
  flashAttn: "auto",
  loadMode: "auto",
};

function budget(devices: readonly (readonly [DeviceMemory, number])[], ramGib: number) {
  return memoryBudget({
    ramBytes: ramGib * gib,
    ramAvailableBytes: ramGib * gib,
    metal: false,
    devices: devices.map(([memory, usableGib], index) => ({
      name: `CUDA${index}`,
      description: "a device",
      memory,
      usableBytes: usableGib * gib,
    })),
  });
}

describe("a fit over pools", () => {
  it("splits over unlike devices, each within its own pool", () => {
    const unlike = budget(
      [
        ["own", 6],
        ["own", 3],
      ],
      32,
    );
    const { fit, prediction } = judgeFit(model, settings, unlike);
    expect(fit).toBe("full");
    const [large, small] = prediction.devices.map(({ totalBytes }) => totalBytes);
    expect(large).toBeGreaterThan(Number(small));
    expect(small).toBeLessThan(3 * gib);
  });

  it("counts in the host's pool what a device takes of it, beside a device of its own memory", () => {
    const mixed = budget(
      [
        ["own", 24],
        ["host", 24],
      ],
      16,
    );
    const halves = { ...settings, tensorSplit: [1, 1] };
    const { prediction, tightest } = new FitTrial(model, halves, mixed).at(33, "exact");
    const [own, shared] = prediction.devices.map(({ totalBytes }) => totalBytes);
    expect(own).toBeGreaterThan(gib);
    expect(tightest).toMatchObject({
      place: "memory",
      neededBytes: prediction.host.residentBytes + Number(shared),
    });
  });

  it("is none where one pool is asked for more than it has, however much another has", () => {
    const { fit } = judgeFit(model, settings, budget([["host", 24]], 3));
    expect(fit).toBe("none");
  });
});
