import { writeArchitecture } from "../../scripts/bench/architectures.mjs";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { afterAll, describe, expect, it } from "vitest";
import { enginePackage } from "../../src/base/version.ts";
import type { EngineInfo } from "../../src/bench/engineInfo.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { llamaCpp } from "../../src/engines/llamacpp/row.ts";
import { describedBudget } from "../../src/machine/describedMachine.ts";
import { findMachines } from "../../src/machine/machineCatalogue.ts";
import { memoryBudget } from "../../src/machine/memoryBudget.ts";
import { cacheFolder } from "../../src/base/cacheFolder.ts";
import { askedModel } from "../../src/plan/plannedModel.ts";
import { isTried } from "../../src/plan/caseMemory.ts";
import { loadGroups, planCases, plannedCase, type PlanContext } from "../../src/plan/plan.ts";
import { replan } from "../../src/plan/replan.ts";
import { unknownDatasheet } from "../../src/predict/datasheet.ts";
import { describedSource, speedModels } from "../../src/predict/predictSpeed.ts";
import { publishedResults } from "../../src/predict/publishedResults.ts";
import { runSettings } from "../../src/suite/runSettings.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";

const gib = 2 ** 30;

const engine = await llamaCpp.start({ device: "cpu", own: {} });
afterAll(() => engine.close());

/** Of these models a plan asks the engine nothing but tensor types. */
function saying(changes: Partial<EngineInfo>): Engine {
  return { ...engine, facts: { ...engine.facts, ...changes } };
}

function context(ramBytes = 16 * gib, asked: Engine = engine): PlanContext {
  const facts = { ramBytes, ramAvailableBytes: ramBytes, metal: false, devices: [] };
  const budget = memoryBudget(facts);
  return {
    engine: asked,
    defaultThreads: 2,
    budget,
    budgetWith: () => budget,
    useCtx: null,
    speedWith: () =>
      speedModels({ datasheet: unknownDatasheet("cpu"), measured: [], published: [] }),
    cacheDir: cacheFolder(),
    enginePackage: enginePackage(),
  };
}

async function planOf(given: GivenFlags, where = context()) {
  const { settings } = runSettings({ models: ["toy-4m"], ...given });
  const models = settings.models.map((spec) => askedModel(spec, settings, where.cacheDir));
  return planCases(await Promise.all(models), settings, where);
}

describe("a plan", () => {
  it("has a case for each point of the matrix, in an order that loads each model once", async () => {
    const cases = await planOf({ quantizations: ["q4_0", "q8_0"], nPrompt: [64, 128], nGen: [8] });
    expect(cases).toHaveLength(6);
    expect(loadGroups(cases).map((group) => group.cases.length)).toEqual([3, 3]);
  });

  it("has a process of its own for each priority and each mask of processors, which stay with it", async () => {
    const cases = await planOf({
      nPrompt: [64, 128],
      nGen: [0],
      cpuMask: ["0x0", "0x1"],
      priority: [0, -1],
      poll: [0, 50],
    });
    expect(cases).toHaveLength(16);
    expect(loadGroups(cases).map((group) => group.cases.length)).toEqual([4, 4, 4, 4]);
  });

  it("takes a value that was given twice as one case", async () => {
    expect(await planOf({ nPrompt: [64, 64], nGen: [0] })).toHaveLength(1);
  });

  it("gives a case the same id in every run, whatever else the run measures", async () => {
    const [alone] = await planOf({ nPrompt: [64], nGen: [0] });
    const many = await planOf({ nPrompt: [128, 64], nGen: [8], repetitions: 9 });
    expect(many.map(({ id }) => id)).toContain(alone?.id);
  });

  it("gives another id to another setting, another quantization and another engine build", async () => {
    const point = { nPrompt: [64], nGen: [0] };
    const cases = await Promise.all([
      planOf(point),
      planOf({ ...point, nUbatch: [256] }),
      planOf({ ...point, quantizations: ["q8_0"] }),
      planOf(point, context(16 * gib, saying({ build_commit: "0000000" }))),
    ]);
    expect(new Set(cases.map(([one]) => one?.id)).size).toBe(4);
  });

  it("does not try what runs neither on a device nor on the host, unless it is forced to", async () => {
    const [tooLarge] = await planOf(
      { models: ["70b"], quantizations: ["q4_k_m"], nPrompt: [64], nGen: [0] },
      context(24 * gib),
    );
    expect(tooLarge?.memory?.fit.fit).toBe("none");
    expect(isTried({ memory: tooLarge?.memory ?? null, training: null }, { force: false })).toBe(
      false,
    );
    expect(isTried({ memory: tooLarge?.memory ?? null, training: null }, { force: true })).toBe(
      true,
    );
  });

  it("predicts what doesn't fit as if the RAM were there, and not above what both buses allow", async () => {
    const [card] = findMachines("rtx-4090-24gb");
    if (card === undefined) throw new Error("no machine rtx-4090-24gb");
    const small = { ...card, ram: { ...card.ram, bytes: 12 * gib } };
    const [one] = await planOf(
      { models: ["70b"], quantizations: ["q4_k_m"], nPrompt: [0], nGen: [128] },
      {
        ...context(),
        budget: describedBudget(small),
        speedWith: () => speedModels(describedSource(card, publishedResults())),
      },
    );
    expect(one?.memory?.fit.fit).toBe("none");
    expect(one?.memory?.layersWithEnoughRam).toBeGreaterThan(40);
    expect(one?.speed?.tg_ts).toBeGreaterThan(3);
    expect(one?.speed?.tg_ts).toBeLessThan(4.5);
  });

  it("is made again from a journal, case for case", async () => {
    const cases = await planOf({ quantizations: ["q4_0", "q8_0"] });
    const stored = JSON.parse(JSON.stringify(cases.map(plannedCase))) as ReturnType<
      typeof plannedCase
    >[];
    const again = await replan(stored, "results.jsonl", context());
    expect(again.map(({ id }) => id)).toEqual(cases.map(({ id }) => id));
  });

  it("is not made again when the engine's build has changed", async () => {
    const stored = (await planOf({})).map(plannedCase);
    const other = context(16 * gib, saying({ build_commit: "0000000" }));
    await expect(replan(stored, "results.jsonl", other)).rejects.toThrow(/start a new run/u);
  });

  it("is not made again from settings that are none", async () => {
    const [one] = (await planOf({})).map(plannedCase);
    if (one === undefined) throw new Error("no case");
    const spoiled = { ...one, settings: { ...one.settings, workload: { nPrompt: "many" } } };
    await expect(replan([spoiled], "results.jsonl", context())).rejects.toThrow(
      /results\.jsonl: plan: /u,
    );
  });
});

describe("a model whose graph llmbench doesn't lay out", () => {
  it.each(["real", "synthetic"] as const)(
    "is asked about beforehand, with %s weights too, made or not",
    async (weights) => {
      const path = writeArchitecture(temporaryFolder(), "qwen3next-moe.gguf");
      const given = { models: [path], nPrompt: [64], nGen: [0] };
      const [one] = await planOf({ ...given, ...(weights === "real" ? {} : { weights }) });
      expect(one?.variant.weights.kind).toBe(weights);
      expect(one?.memory?.fit.memoryBasis).toBe("llama.cpp");
    },
  );
});

describe("a split that llama.cpp refuses", () => {
  it.each([
    ["llama-dense.gguf", { splitMode: ["tensor"] }, /needs a GPU/u, 0],
    [
      "deepseek2-moe.gguf",
      { splitMode: ["layer", "tensor"] },
      /other architectures than deepseek2/u,
      2,
    ],
    ["llama-dense.gguf", { splitMode: ["row"] }, /SYCL's devices alone/u, 2],
  ] as const)(
    "is refused of %s before anything is loaded: %o",
    async (file, given, reason, cards) => {
      const path = writeArchitecture(temporaryFolder(), file);
      const devices = Array.from({ length: cards }, (_, index) => ({
        name: `CUDA${index}`,
        description: "a card",
        memory: "own" as const,
        usableBytes: 24 * gib,
      }));
      const budget = memoryBudget({
        ramBytes: 16 * gib,
        ramAvailableBytes: 16 * gib,
        metal: false,
        devices,
      });
      const plan = planOf(
        { models: [path], nPrompt: [64], nGen: [0], splitMode: [...given.splitMode] },
        { ...context(), budget },
      );
      await expect(plan).rejects.toThrow(reason);
      await expect(plan).rejects.toMatchObject({ code: "usage" });
    },
  );
});
