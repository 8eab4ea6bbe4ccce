import { describe, expect, it } from "vitest";
import { AskedCompute } from "../../src/fit/askedCompute.ts";
import { judgeAsking } from "../../src/fit/judgeAsking.ts";
import { judgeFit, surelyRuns, type FitVerdict } from "../../src/fit/judgeFit.ts";
import { describedMemoryModel, type MemoryModel } from "../../src/fit/memoryModel.ts";
import type { FitSettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { memoryBudget, type MemoryBudget } from "../../src/machine/memoryBudget.ts";
import { llama2_7b } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const gib = 2 ** 30;

const known = describedMemoryModel(llama2_7b, "q4_0", mixedTypes(llama2_7b, "q4_0", "q6_K"));
/** As if the graph only resembled the model's. */
const estimated: MemoryModel = {
  ...known,
  known: false,
  computeBand: { least: 0.5, most: 20 },
};

const settings: FitSettings = {
  ...plainSettings,
  nCtx: 4096,
  gpuLayers: "auto",
  flashAttn: "auto",
  loadMode: "auto",
};

function budget(cardGib: number | null, ramGib = 64): MemoryBudget {
  return memoryBudget({
    ramBytes: ramGib * gib,
    ramAvailableBytes: ramGib * gib,
    metal: false,
    devices:
      cardGib === null
        ? []
        : [{ name: "CUDA0", description: "a card", memory: "own", usableBytes: cardGib * gib }],
  });
}

function judge(cardGib: number | null, ramGib = 64): FitVerdict {
  return judgeFit(estimated, settings, budget(cardGib, ramGib));
}

describe("a fit of which compute buffers are only estimated", () => {
  it("stands where it holds over the whole band", () => {
    expect(judge(24)).toMatchObject({ fit: "full", memoryBasis: "estimate" });
    expect(judge(24).band).toMatchObject({ best: "full", worst: "full" });
  });

  it("is unknown where the band holds more than one", () => {
    const verdict = judge(7);
    expect(verdict.fit).toBe("unknown");
    expect(verdict.band).toMatchObject({ best: "full", worst: "partial" });
    expect(verdict.why).toMatch(/^full at best, partial at worst, by an estimate: /);
    const { leastBytes = 0, mostBytes = 0 } = verdict.band ?? {};
    expect(leastBytes).toBeLessThan(verdict.budgetBytes);
    expect(mostBytes).toBeGreaterThan(verdict.budgetBytes);
  });

  it("is none where weights alone are over the budget", () => {
    expect(judge(null, 3)).toMatchObject({ fit: "none", band: { best: "none", worst: "none" } });
  });

  it("places no more layers than fit whatever the truth is", () => {
    const verdict = judge(7);
    const most = judgeFit(
      { ...estimated, computeBand: { least: 20, most: 20 } },
      settings,
      budget(7),
    );
    expect(verdict.nGpuLayers).toBe(most.nGpuLayers);
    expect(verdict.nGpuLayers).toBeLessThan(33);
  });

  it("is run only where it runs at worst", () => {
    expect(surelyRuns(judge(7))).toBe(true);
    const onEdge = judge(null, 7);
    expect(onEdge).toMatchObject({ fit: "unknown", band: { best: "full", worst: "none" } });
    expect(surelyRuns(onEdge)).toBe(false);
  });
});

describe("a fit that llama.cpp was asked about", () => {
  const device = { name: "CUDA0", freeBytes: 8 * gib };

  /** As llama.cpp would tell of the model that is laid out. */
  const ask = async ({ gpuLayers, nCtx }: { gpuLayers: number; nCtx: number }) => {
    const { devices, host } = predictMemory(known, { ...settings, gpuLayers, nCtx }, [device]);
    const places = devices.map(({ name, computeBytes }) => [name, computeBytes] as const);
    return new Map([...places, ["host", host.computeBytes] as const]);
  };

  it("is what it would be if the graph were laid out", async () => {
    for (const cardGib of [4, 6, 7, 24]) {
      const exact = judgeFit(known, settings, budget(cardGib));
      const asked = await judgeAsking(estimated, settings, budget(cardGib), {}, ask);
      expect(asked).toMatchObject({
        fit: exact.fit,
        nGpuLayers: exact.nGpuLayers,
        neededBytes: exact.neededBytes,
        memoryBasis: "llama.cpp",
        band: null,
      });
    }
  });

  it("is left to the estimate where llama.cpp doesn't tell", async () => {
    const asked = await judgeAsking(estimated, settings, budget(7), {}, async () => null);
    expect(asked).toMatchObject({ fit: "unknown", memoryBasis: "estimate" });
  });
});

describe("answers about single placements", () => {
  const answers = new AskedCompute();
  answers.add({ gpuLayers: 3, nCtx: 1024 }, new Map([["host", 100]]));
  answers.add({ gpuLayers: 3, nCtx: 4096 }, new Map([["host", 400]]));

  it("tell of contexts between, on a line", () => {
    expect(answers.at({ gpuLayers: 3, nCtx: 2048 })?.get("host")).toBe(200);
    expect(answers.at({ gpuLayers: 3, nCtx: 4096 })?.get("host")).toBe(400);
  });

  it("tell nothing of contexts beyond, nor of other placements", () => {
    expect(answers.at({ gpuLayers: 3, nCtx: 8192 })).toBeNull();
    expect(answers.at({ gpuLayers: 4, nCtx: 1024 })).toBeNull();
  });
});
