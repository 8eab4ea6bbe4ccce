import { describe, expect, it } from "vitest";
import { judgeFit, type FitVerdict } from "../../src/fit/judgeFit.ts";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
import type { FitSettings } from "../../src/fit/memorySettings.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { memoryBudget, type MemoryBudget } from "../../src/machine/memoryBudget.ts";
import { llama2_70b, llama2_7b } from "../gguf/shapes.ts";
import { mixedTypes, plainSettings } from "./sparseModel.ts";

const gib = 2 ** 30;

const small = describedMemoryModel(llama2_7b, "q4_0", mixedTypes(llama2_7b, "q4_0", "q6_K"));
const large = describedMemoryModel(llama2_70b, "q4_0", mixedTypes(llama2_70b, "q4_0", "q6_K"));

const settings: FitSettings = {
  ...plainSettings,
  nCtx: 4096,
  gpuLayers: "auto",
  flashAttn: "auto",
  loadMode: "auto",
};

interface Box {
  readonly cards?: readonly number[];
  readonly ramGib: number;
  readonly gpuBudgetBytes?: number;
}

function discrete({ cards = [], ramGib, gpuBudgetBytes }: Box): MemoryBudget {
  return memoryBudget(
    {
      ramBytes: ramGib * gib,
      ramAvailableBytes: ramGib * gib,
      metal: false,
      devices: cards.map((cardGib, index) => ({
        name: `CUDA${index}`,
        description: "a card",
        memory: "own",
        usableBytes: cardGib * gib,
      })),
    },
    gpuBudgetBytes,
  );
}

function mac(ramGib: number, workingSetGib: number): MemoryBudget {
  return memoryBudget({
    ramBytes: ramGib * gib,
    ramAvailableBytes: (ramGib - 2) * gib,
    metal: true,
    devices: [
      { name: "MTL0", description: "a Mac", memory: "host", usableBytes: workingSetGib * gib },
    ],
  });
}

function judge(
  model: typeof small,
  budget: MemoryBudget,
  changed: Partial<FitSettings> = {},
): FitVerdict {
  return judgeFit(model, { ...settings, ...changed }, budget);
}

describe("the fit", () => {
  it("is full where all layers and the output are within the device's budget", () => {
    const { fit, nGpuLayers, neededBytes, budgetBytes, place } = judge(
      small,
      discrete({ cards: [24], ramGib: 32 }),
    );
    expect({ fit, nGpuLayers, place }).toEqual({ fit: "full", nGpuLayers: 33, place: "CUDA0" });
    expect(neededBytes).toBeLessThan(budgetBytes);
  });

  it("says where the host attends, and on no machine that does without", () => {
    const types = { typeK: "q4_1", typeV: "q4_1" } as const;
    const card = judge(small, discrete({ cards: [24], ramGib: 32 }), types);
    expect(card.fit).toBe("full");
    expect(card.hostAttention).toMatch(/^the host attends, .* K q4_1, V q4_1 and heads of 128$/);
    expect(card.why).toContain(card.hostAttention);
    expect(judge(small, mac(48, 36), types).hostAttention).toBeNull();
    expect(judge(small, discrete({ ramGib: 32 }), types).hostAttention).toBeNull();
  });

  it("is partial where the host holds what the device can't", () => {
    const { fit, nGpuLayers, why } = judge(large, discrete({ cards: [24], ramGib: 64 }));
    expect(fit).toBe("partial");
    expect(nGpuLayers).toBeGreaterThan(30);
    expect(nGpuLayers).toBeLessThan(81);
    expect(why).toMatch(/^\d+\/81 layers on the device; all would need .* of 24\.00 GiB on CUDA0$/);
  });

  it("is none where neither holds it, and says what is missing", () => {
    const { fit, nGpuLayers, maxCtx, why } = judge(large, discrete({ cards: [8], ramGib: 16 }));
    expect({ fit, nGpuLayers, maxCtx }).toEqual({ fit: "none", nGpuLayers: 0, maxCtx: null });
    expect(why).toMatch(/^needs .* on host memory$/);
  });

  it("is none just where no number of layers is within the budgets, margins or not", () => {
    const needs = Array.from({ length: 82 }, (_, gpuLayers) => {
      const devices = [{ name: "CUDA0", freeBytes: 8 * gib }];
      const { deviceBytes, ...needed } = predictMemory(large, { ...settings, gpuLayers }, devices);
      const [card] = needed.devices;
      return { card: deviceBytes + (card?.runtimeBytes ?? 0), host: needed.host.residentBytes };
    });
    const fits = [];
    for (let ramGib = 30; ramGib < 38; ramGib += 0.25) {
      const budget = discrete({ cards: [8], ramGib });
      const runs = needs.some(({ card, host }) => card <= 8 * gib && host <= budget.hostBytes);
      const { fit, tight } = judge(large, budget);
      expect({ ramGib, fit }).toEqual({ ramGib, fit: runs ? "partial" : "none" });
      fits.push(runs ? (tight ? "tight" : "roomy") : "none");
    }
    expect(new Set(fits)).toEqual(new Set(["none", "tight", "roomy"]));
  });

  it("is full or none without a GPU, with nothing on devices", () => {
    const full = judge(small, discrete({ ramGib: 16 }));
    expect(full.fit).toBe("full");
    expect(full.nGpuLayers).toBe(0);
    expect(full.prediction.deviceBytes).toBe(0);
    expect(judge(large, discrete({ ramGib: 16 })).fit).toBe("none");
  });

  it("needs room on each device, not only on all together", () => {
    expect(judge(large, discrete({ cards: [24, 24], ramGib: 64 })).fit).toBe("full");
    const lopsided = judge(large, discrete({ cards: [24, 24], ramGib: 64 }), {
      tensorSplit: [3, 1],
    });
    expect(lopsided.fit).toBe("partial");
  });

  it("counts unified memory once, for device and host together", () => {
    const { fit, place } = judge(large, mac(38, 48));
    expect(fit).not.toBe("full");
    expect(place).toBe("memory");
  });
});

describe("layers that auto takes", () => {
  const budget = discrete({ cards: [2], ramGib: 32, gpuBudgetBytes: 2 * gib });

  function deviceBytesAt(gpuLayers: number): number {
    const placed = { ...settings, gpuLayers };
    const [device] = predictMemory(small, placed, [{ name: "CUDA0", freeBytes: gib }]).devices;
    return (device?.totalBytes ?? 0) + (device?.runtimeBytes ?? 0);
  }

  it("are the most that fit: one more is too many", () => {
    const { fit, nGpuLayers } = judge(small, budget);
    expect(fit).toBe("partial");
    expect(deviceBytesAt(nGpuLayers)).toBeLessThanOrEqual(2 * gib);
    expect(deviceBytesAt(nGpuLayers + 1)).toBeGreaterThan(2 * gib);
  });

  it("keep clear of the margin where not all fit", () => {
    const { nGpuLayers, tight } = judge(small, discrete({ cards: [4], ramGib: 32 }));
    expect(tight).toBe(false);
    expect(deviceBytesAt(nGpuLayers)).toBeLessThanOrEqual(3 * gib);
  });

  it("are all, and called tight, where all fit within the margin", () => {
    const needed = deviceBytesAt(33);
    const { fit, tight } = judge(small, discrete({ cards: [needed / gib + 0.5], ramGib: 32 }));
    expect({ fit, tight }).toEqual({ fit: "full", tight: true });
  });

  it("shrink as the context grows", () => {
    const [short, long] = [1024, 16_384].map((nCtx) => judge(small, budget, { nCtx }).nGpuLayers);
    expect(long).toBeLessThan(Number(short));
  });
});

describe("layers that were asked for", () => {
  it("stand, and are partial where others stay on the host", () => {
    const { fit, nGpuLayers } = judge(small, discrete({ cards: [24], ramGib: 32 }), {
      gpuLayers: 10,
    });
    expect({ fit, nGpuLayers }).toEqual({ fit: "partial", nGpuLayers: 10 });
  });

  it("stand where they don't fit, and the fit says what would", () => {
    const verdict = judge(large, discrete({ cards: [24], ramGib: 64 }), { gpuLayers: "max" });
    expect(verdict).toMatchObject({ fit: "partial", nGpuLayers: 81, placementFits: false });
    expect(verdict.why).toMatch(/^81 layers need .*, more than there is$/);
  });
});

function named(pattern: string, buffer = "CPU"): Partial<FitSettings> {
  return { tensorOverrides: [{ pattern, buffer }] };
}

describe("weights that a name keeps on the host", () => {
  const card = discrete({ cards: [24], ramGib: 64 });
  it("make it partial, with all layers on the device, and are counted in words", () => {
    const { fit, nGpuLayers, placementFits, prediction, why } = judge(small, card, named("ffn_"));
    expect({ fit, nGpuLayers, placementFits }).toEqual({
      fit: "partial",
      nGpuLayers: 33,
      placementFits: true,
    });
    expect(prediction.host.namedBytes).toBeGreaterThan(2 * gib);
    expect(why).toMatch(/^33\/33 layers on the device, 2\.\d+ GiB of them in host memory$/);
    expect(judge(small, mac(64, 48), named("ffn_")).fit).toBe("partial");
  });

  it("may be the output's, or a copy of tied embeddings that is the output", () => {
    expect(judge(small, card, named("^output\\.")).fit).toBe("partial");
    const shape = { ...llama2_7b, tied_embeddings: true };
    const tied = describedMemoryModel(shape, "q4_0", mixedTypes(shape, "q4_0", "q6_K"));
    expect(judge(tied, card, named("token_embd")).fit).toBe("partial");
  });

  it.each([
    ["none is called so", named("no such tensor")],
    ["they would lie there anyway", named("token_embd")],
    ["the name keeps them on the device", named("ffn_", "CUDA0")],
  ])("are none where %s", (_, settings_) => {
    expect(judge(small, card, settings_).fit).toBe("full");
  });

  it("are none without a GPU", () => {
    expect(judge(small, discrete({ ramGib: 32 }), named("ffn_")).fit).toBe("full");
  });

  it("leave layers that aren't on the device out of the count", () => {
    const ten = judge(small, card, { ...named("ffn_"), gpuLayers: 11 });
    const all = judge(small, card, { ...named("ffn_"), gpuLayers: "max" });
    expect(ten.prediction.host.namedBytes).toBe((all.prediction.host.namedBytes * 10) / 32);
  });
});

describe("what decides", () => {
  it.each([
    ["memory", mac(64, 48)],
    ["host memory", discrete({ cards: [24], ramGib: 64 })],
  ])("is %s where no layer is to go to the device", (place, budget) => {
    const verdict = judge(small, budget, { gpuLayers: 0 });
    expect(verdict).toMatchObject({ fit: "partial", place });
    expect(verdict.neededBytes).toBe(
      verdict.prediction.deviceBytes * Number(place === "memory") +
        verdict.prediction.host.residentBytes,
    );
    expect(verdict.neededBytes).toBeGreaterThan(3 * gib);
  });

  it("is the placement that was asked for, and not what all layers would need", () => {
    const budget = discrete({ cards: [24], ramGib: 64 });
    const [few, more] = [10, 20].map((gpuLayers) => judge(large, budget, { gpuLayers }));
    expect(few?.place).toBe("host memory");
    expect(few?.neededBytes).toBeGreaterThan(Number(more?.neededBytes));
  });
});

describe("a budget that the device's own buffers exceed", () => {
  const budget = discrete({ cards: [24], ramGib: 32, gpuBudgetBytes: gib / 8 });

  it("is no fit, and says that it fits without the device", () => {
    const { fit, fitsWithoutDevices, why } = judge(small, budget);
    expect({ fit, fitsWithoutDevices }).toEqual({ fit: "none", fitsWithoutDevices: true });
    expect(why).toMatch(/on CUDA0; without the GPU it fits: --device cpu$/);
  });

  it("says no such thing where the host can't hold it either", () => {
    const { fit, fitsWithoutDevices, why } = judge(large, budget);
    expect({ fit, fitsWithoutDevices }).toEqual({ fit: "none", fitsWithoutDevices: false });
    expect(why).not.toContain("--device cpu");
  });
});

describe("the largest context", () => {
  it("is the last that is wholly on the device", () => {
    const budget = discrete({ cards: [6], ramGib: 32, gpuBudgetBytes: 5.5 * gib });
    const { maxCtx } = judge(small, budget, { nCtx: 512 });
    expect(maxCtx).toBeGreaterThan(512);
    expect(judge(small, budget, { nCtx: Number(maxCtx) }).fit).toBe("full");
    expect(judge(small, budget, { nCtx: Number(maxCtx) + 256 }).fit).toBe("partial");
  });

  it("is what the model was trained for, where memory holds more", () => {
    expect(judge(small, discrete({ cards: [80], ramGib: 64 })).maxCtx).toBe(4096);
  });

  it("is told where the asked one does not run and a smaller one would", () => {
    const wide = { ...small, shape: { ...small.shape, n_ctx_train: 65_536 } };
    const { fit, maxCtx } = judge(wide, discrete({ ramGib: 12 }), { nCtx: 65_536 });
    expect(fit).toBe("none");
    expect(maxCtx).toBeGreaterThan(4096);
  });
});

describe("on a Mac", () => {
  it("a case over the stock limit that a raised one would hold gets the line to type", () => {
    const { fit, raisedLimit } = judge(large, mac(64, 38));
    expect(fit).toBe("partial");
    expect(raisedLimit?.command).toMatch(/^sudo sysctl iogpu\.wired_limit_mb=\d+$/);
    expect(raisedLimit?.leavesBytes).toBeGreaterThanOrEqual(6 * gib);
  });

  it("no limit is suggested where the memory itself is too small, or all fits", () => {
    expect(judge(large, mac(36, 27)).raisedLimit).toBeNull();
    expect(judge(large, mac(64, 48)).raisedLimit).toBeNull();
  });

  it("a part of a mapped file costs its whole span, and the way out is named", () => {
    const { nGpuLayers, unmappedGpuLayers, why } = judge(large, mac(48, 36));
    expect(unmappedGpuLayers).toBeGreaterThan(nGpuLayers);
    expect(why).toContain(`${unmappedGpuLayers} with --load-mode none`);
    expect(judge(large, mac(48, 36), { loadMode: "none" })).toMatchObject({
      nGpuLayers: unmappedGpuLayers,
      unmappedGpuLayers: null,
    });
  });
});

it("sampled graphs judge as exact ones do", () => {
  for (const budget of [
    discrete({ cards: [24], ramGib: 64 }),
    discrete({ cards: [24, 24], ramGib: 64 }),
    mac(64, 48),
  ]) {
    const exact = judgeFit(large, settings, budget);
    const sampled = judgeFit(large, settings, budget, { detail: "sampled" });
    expect(sampled.fit).toBe(exact.fit);
    expect(sampled.maxCtx).toBe(exact.maxCtx);
    expect(Math.abs(sampled.nGpuLayers - exact.nGpuLayers)).toBeLessThanOrEqual(1);
  }
});
