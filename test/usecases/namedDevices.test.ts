import { describe, expect, it } from "vitest";
import { usualFitSettings, type FitSettings } from "../../src/fit/memorySettings.ts";
import { impliedDevice } from "../../src/suite/impliedDevice.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { fit } from "../../src/usecases/fit/fit.ts";
import type { FitCell } from "../../src/usecases/fit/fitCells.ts";
import { hasVulkan } from "../engines/vulkan.ts";
import { planHere } from "./inProcess.ts";

const gib = 2 ** 30;

describe("the backend of devices that are named", () => {
  it("is the one that was asked for, else the one that their names tell", () => {
    expect(impliedDevice("auto", [["CUDA0"], "auto"])).toBe("cuda");
    expect(impliedDevice("auto", [["MTL0"]])).toBe("metal");
    expect(impliedDevice("auto", [["Vulkan1", "Vulkan0"], []])).toBe("vulkan");
    expect(impliedDevice("auto", [[], "auto"])).toBe("auto");
    expect(impliedDevice("vulkan", [["CUDA0"]])).toBe("vulkan");
  });

  it("is one: a run has one build of the engine", () => {
    expect(() => impliedDevice("auto", [["CUDA0"], ["Vulkan0"]])).toThrow(
      /^--devices CUDA0, Vulkan0: .*cuda and vulkan one after the other$/,
    );
  });
});

describe.skipIf(!hasVulkan)("a run with devices that are named", () => {
  const given: GivenFlags = {
    models: ["toy-4m"],
    quantizations: ["q8_0"],
    weights: "synthetic",
    nPrompt: [16],
    nGen: [0],
  };

  it("plans with them alone, and `none` is a machine without a GPU", async () => {
    const { cases } = await planHere({ ...given, devices: [["Vulkan0"], []] });
    const [one, none] = cases.map(({ memory }) => memory?.fit);
    expect(one?.prediction.devices.map(({ name }) => name)).toEqual(["Vulkan0"]);
    expect(one).toMatchObject({ fit: "full", nGpuLayers: 5 });
    expect(none?.prediction.devices).toEqual([]);
    expect(none).toMatchObject({ fit: "full", nGpuLayers: 0 });
  });

  it.each<[string, GivenFlags, RegExp]>([
    ["device", { devices: [["Vulkan7"]] }, /^--devices Vulkan7: this machine has Vulkan0/],
    ["backend", { devices: [["CUDA0"]] }, /^--devices CUDA0: this machine has Vulkan0/],
    [
      "buffer",
      { device: "vulkan", tensorOverrides: [[{ pattern: "exps", buffer: "CUDA0" }]] },
      /^--override-tensor exps=CUDA0: no such buffer; this machine has CPU, Vulkan0/,
    ],
    [
      "buffer among them",
      { devices: [[]], tensorOverrides: [[{ pattern: "exps", buffer: "Vulkan0" }]] },
      /^--override-tensor exps=Vulkan0: no such buffer; this machine has CPU$/,
    ],
  ])("is refused, with those that are there, where there is no such %s", async (_, more, told) => {
    await expect(planHere({ ...given, ...more })).rejects.toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringMatching(told) as unknown }),
    );
  });
});

describe("fit on a described machine", () => {
  const question = {
    models: ["7b"],
    quantizations: ["q4_0" as const],
    machines: ["2x-rtx-4090-24gb"],
  };

  async function asked(changed: Partial<FitSettings>): Promise<FitCell | undefined> {
    const [cell] = await fit({ ...question, settings: { ...usualFitSettings, ...changed } });
    return cell;
  }

  it("counts the devices that are named, and tensors where patterns put them", async () => {
    const [both, one, split] = [
      await asked({}),
      await asked({ devices: ["CUDA1"] }),
      await asked({
        devices: ["CUDA1"],
        tensorOverrides: [{ pattern: "ffn_", buffer: "CPU" }],
      }),
    ];
    const devices = (cell: typeof one) => cell?.verdict.prediction.devices.map(({ name }) => name);
    const bytes = (cell: typeof one) => cell?.verdict.prediction.devices.at(-1)?.weightsBytes ?? 0;
    expect(devices(both)).toEqual(["CUDA0", "CUDA1"]);
    expect(devices(one)).toEqual(["CUDA1"]);
    // A 7B at Q4_0 has two thirds of its weights in feed-forward layers.
    expect(bytes(one)).toBeGreaterThan(3.4 * gib);
    expect(bytes(split)).toBeLessThan(1.3 * gib);
    expect(split?.speed).toBeNull();
  });

  it("refuses a device that the machine lacks", async () => {
    const settings = { ...usualFitSettings, devices: ["CUDA2"] };
    await expect(fit({ ...question, settings })).rejects.toThrow(
      /^--devices CUDA2: 2x-rtx-4090-24gb has CUDA0, CUDA1$/,
    );
  });
});
