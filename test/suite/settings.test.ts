import { describe, expect, it } from "vitest";
import { usualContext, usualPlacement } from "../../src/bench/settings.ts";
import { testName } from "../../src/bench/workload.ts";
import { engineRow, usualEngine } from "../../src/engines/registry.ts";
import { expandSettings, expandWorkloads } from "../../src/suite/expand.ts";
import { mergeSettings } from "../../src/suite/settings.ts";
import { standInSuite } from "../../src/suite/standIn.ts";

const model = { models: ["7b"] };

describe("settings", () => {
  it("take defaults, then the suite, then flags, each name by itself", () => {
    const settings = mergeSettings(
      { ...model, quantizations: ["q8_0"], nPrompt: [64], repetitions: 2 },
      { nPrompt: [32] },
    );
    expect(settings.nPrompt).toEqual([32]);
    expect(settings.repetitions).toBe(2);
    expect(settings.nGen).toEqual([128]);
    expect(settings.quantizations).toEqual(["q8_0"]);
  });

  it("without a quantization mean q4_0, which nobody asked for", () => {
    expect(mergeSettings({}, model)).toMatchObject({
      quantizations: ["q4_0"],
      quantizationsAsked: false,
    });
  });

  it("don't hold a suite's quantizations against another model than the suite's", () => {
    expect(mergeSettings({ ...model, quantizations: ["q8_0"] }, {}).quantizationsAsked).toBe(true);
    expect(
      mergeSettings({ quantizations: ["q8_0"] }, { models: ["x.gguf"] }).quantizationsAsked,
    ).toBe(false);
    expect(mergeSettings({}, { ...model, quantizations: ["q8_0"] }).quantizationsAsked).toBe(true);
  });

  it("take the quick suite only where no model is named", () => {
    const engine = engineRow(usualEngine);
    expect(standInSuite({}, engine)).toBe("quick");
    expect(standInSuite(model, engine)).toBe("standard");
  });

  it("need a model", () => {
    expect(() => mergeSettings({}, {})).toThrow(/no model.*--model/);
  });

  it("that leave no workload are an error", () => {
    expect(() => mergeSettings(model, { nPrompt: [0], nGen: [0] })).toThrow(/nothing to measure/);
    expect(() =>
      mergeSettings(model, { nPrompt: [0], nGen: [0], pg: [{ nPrompt: 8, nGen: 8 }] }),
    ).not.toThrow();
  });

  it("switch a suite's pairs off by --pg 0,0 alone", () => {
    const suite = { ...model, pg: [{ nPrompt: 8, nGen: 8 }] };
    const off = { pg: [{ nPrompt: 0, nGen: 0 }] };
    expect(expandWorkloads(mergeSettings(suite, off)).map(testName)).toEqual(["pp512", "tg128"]);
    expect(() => mergeSettings({ ...model, ...off }, {})).toThrow(/--pg 0,0 measures nothing/u);
  });

  it("refuse more repetitions of a case than its line of the journal holds", () => {
    const often = { ...model, repetitions: 250_000 };
    expect(() => mergeSettings(often, { launches: 2 })).not.toThrow();
    expect(() => mergeSettings(often, { launches: 3 })).toThrow(/500000 times in all.*--sustain/);
  });

  it("refuse a quantized V cache without flash attention", () => {
    expect(() => mergeSettings(model, { typeV: ["q8_0"], flashAttn: ["off"] })).toThrow(
      /--cache-type-v q8_0 with --flash-attn off: llama\.cpp needs flash attention/,
    );
    expect(() =>
      mergeSettings(model, { typeV: ["f32", "bf16", "f16"], flashAttn: ["off"] }),
    ).not.toThrow();
    expect(() => mergeSettings(model, { typeK: ["q8_0"], flashAttn: ["off"] })).not.toThrow();
    expect(() => mergeSettings(model, { typeV: ["q8_0"] })).not.toThrow();
  });
});

describe("the matrix", () => {
  it("orders tests by depth, then prompts, generations and pairs", () => {
    const workloads = expandWorkloads({
      nPrompt: [512, 0, 64],
      nGen: [128],
      pg: [
        { nPrompt: 512, nGen: 128 },
        { nPrompt: 64, nGen: 0 },
        { nPrompt: 0, nGen: 0 },
      ],
      nDepth: [0, 4096],
      copy: false,
      read: [],
      matmul: [],
      train: [],
      precisions: [],
    });
    expect(workloads.map(testName)).toEqual([
      "pp512",
      "pp64",
      "tg128",
      "pp512+tg128",
      "pp512 @ d4096",
      "pp64 @ d4096",
      "tg128 @ d4096",
      "pp512+tg128 @ d4096",
    ]);
  });

  it("varies what needs a new load slowest, as llama-bench does", () => {
    const settings = mergeSettings(
      {},
      {
        ...model,
        gpuLayers: [0, 8],
        nBatch: [512, 2048],
        flashAttn: ["on", "off"],
        nThreads: [1, 2],
        nGen: [0],
      },
    );
    const cases = expandSettings(settings, 4).map(
      ({ placement, context }) =>
        `${placement.gpuLayers} ${context.nBatch} ${context.flashAttn} ${context.nThreads}`,
    );
    expect(cases).toHaveLength(16);
    expect(cases.slice(0, 5)).toEqual([
      "0 512 on 1",
      "0 512 on 2",
      "0 512 off 1",
      "0 512 off 2",
      "0 2048 on 1",
    ]);
    expect(cases[8]).toBe("8 512 on 1");
  });

  it("takes the machine's threads where none were asked for", () => {
    const [first] = expandSettings(mergeSettings({}, model), 6);
    expect(first).toEqual({
      workload: { kind: "prompt", prompt: 512, depth: 0, parallel: 1 },
      placement: usualPlacement,
      context: { ...usualContext, nThreads: 6 },
    });
  });

  it("with a time to sustain mean one launch, whatever the suite says, and no other repetitions", () => {
    const suite = { ...model, repetitions: "auto", launches: 3 } as const;
    const sustained = mergeSettings(suite, { sustainSeconds: 600 });
    expect(sustained).toMatchObject({ sustainSeconds: 600, launches: 1 });
    expect(mergeSettings(suite, { sustainSeconds: 0 })).toMatchObject({
      sustainSeconds: null,
      launches: 3,
    });
    expect(() => mergeSettings(suite, { sustainSeconds: 600, repetitions: 3 })).toThrow(
      /--sustain beside --repetitions/,
    );
    expect(() => mergeSettings(suite, { sustainSeconds: 600, launches: 2 })).toThrow(
      /--sustain beside --launches/,
    );
  });
});
