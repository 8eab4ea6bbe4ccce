import { describe, expect, it } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import type { EngineInfo } from "../../src/bench/engineInfo.ts";
import { testName, workloadOf, type Workload } from "../../src/bench/workload.ts";
import type { Variant } from "../../src/plan/variant.ts";
import { benchCase, type PlanContext } from "../../src/plan/plan.ts";
import { requestedOf, settingsOf } from "../../src/plan/requested.ts";
import { usualContext, usualPlacement, type CaseSettings } from "../../src/bench/settings.ts";

const usual: Omit<CaseSettings, "workload"> = {
  placement: usualPlacement,
  context: { ...usualContext, nThreads: 8 },
};

/** What could be set in version 0.1, each at another value than its usual one. */
const unusual: Omit<CaseSettings, "workload"> = {
  placement: {
    ...usualPlacement,
    gpuLayers: 20,
    splitMode: "row",
    mainGpu: 1,
    tensorSplit: [3, 1],
    nCpuMoe: 4,
    loadMode: "none",
  },
  context: {
    ...usualContext,
    nBatch: 1024,
    nUbatch: 256,
    nThreads: 4,
    typeK: "q8_0",
    typeV: "q8_0",
    flashAttn: "on",
    noKvOffload: true,
  },
};

/** What came later. */
const later = {
  placement: {
    devices: ["CUDA1", "CUDA0"],
    tensorOverrides: [{ pattern: "ffn_.*_exps", buffer: "CPU" }],
    lazyMode: "on",
    noHost: true,
    numa: "distribute",
    priority: -1,
  },
  context: {
    embeddings: true,
    noOpOffload: true,
    cpuMask: "0xff",
    cpuStrict: true,
    poll: 0,
  },
} as const satisfies {
  readonly placement: Partial<CaseSettings["placement"]>;
  readonly context: Partial<CaseSettings["context"]>;
};

const all: Omit<CaseSettings, "workload"> = {
  placement: { ...unusual.placement, ...later.placement },
  context: { ...unusual.context, ...later.context },
};

const pp512 = workloadOf({ prompt: 512, generated: 0, depth: 0 });
const tg128 = workloadOf({ prompt: 0, generated: 128, depth: 0 });
const deep = workloadOf({ prompt: 0, generated: 128, depth: 4096 });
const both = workloadOf({ prompt: 512, generated: 128, depth: 0 });
const eight = workloadOf({ prompt: 0, generated: 128, depth: 0, parallel: 8 });

/** Weights and an engine's build that ids are digested of beside the settings. */
const weights = "5f0c9a1be2d34c77";
const facts = {
  engine: "llama.cpp",
  engine_version: "v0.4.0",
  build_commit: "abc1234",
  backend: "metal",
  devices: [],
} as unknown as EngineInfo;

async function idOf(settings: CaseSettings): Promise<string> {
  const model = { kind: "catalogue" };
  const variant = { model, weights: { identity: weights }, memory: null } as unknown as Variant;
  const context = { engine: { facts }, useCtx: null } as PlanContext;
  return (await benchCase(variant, settings, 1, context)).id;
}

describe("a case's id", () => {
  it.each<readonly [string, Workload, Omit<CaseSettings, "workload">]>([
    ["07418c8109ac08f4", pp512, usual],
    ["5988e7bb206d1a8d", tg128, usual],
    ["b7b824249a390bf7", deep, usual],
    ["cf386702ab050411", both, usual],
    ["97ad359d0ad73cc0", tg128, unusual],
  ])("is %s, as version 0.1 gave it", async (id, workload, settings) => {
    expect(await idOf({ workload, ...settings })).toBe(id);
  });

  it("digests the settings, the weights and the engine's build, and no name of our own types", async () => {
    const requested = {
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
    const digested = {
      settings: requested,
      weights,
      engine: ["llama.cpp", "v0.4.0", "abc1234", "metal"],
    };
    expect(await idOf({ workload: pp512, ...usual })).toBe(digestOf(digested, 16));
  });

  it.each([
    ...Object.keys(later.placement).map((name) => ["placement", name] as const),
    ...Object.keys(later.context).map((name) => ["context", name] as const),
  ])("is another with another %s: %s", async (part, name) => {
    const changed = { ...all[part], [name]: unusual[part][name as never] };
    const ids = [all, { ...all, [part]: changed }].map((one) => idOf({ workload: pp512, ...one }));
    expect(new Set(await Promise.all(ids)).size).toBe(2);
  });

  it("is another where several sequences are computed together", async () => {
    const [together, alone] = [
      { workload: eight, ...usual },
      { workload: tg128, ...usual },
    ];
    expect(await idOf(together)).not.toBe(await idOf(alone));
  });
});

describe("requested settings", () => {
  it.each([pp512, tg128, deep, both, eight].map((workload) => [testName(workload), workload]))(
    "of %s are read from the journal as they were asked for",
    (_, workload) => {
      const settings = { workload, ...all } as CaseSettings;
      const kept: unknown = JSON.parse(JSON.stringify(requestedOf(settings)));
      expect(settingsOf(kept, "results.jsonl")).toEqual(settings);
    },
  );

  it.each([
    ["nothing to compute", { nPrompt: 0, nGen: 0, nDepth: 64 }],
    ["half a token", { nPrompt: 0.5, nGen: 0, nDepth: 0 }],
    ["one of several sequences", { nPrompt: 1, nGen: 0, nDepth: 0, nParallel: 1 }],
    ["a key that nobody knows", { nPrompt: 1, nGen: 0, nDepth: 0, nTrain: 1 }],
  ])("that are none name the journal: %s", (_, workload) => {
    const spoiled = { ...requestedOf({ workload: pp512, ...usual }), workload };
    expect(() => settingsOf(spoiled, "results.jsonl")).toThrow(/^results\.jsonl: plan: workload/u);
  });
});
