import { describe, expect, it } from "vitest";
import { testName } from "../../src/bench/workload.ts";
import { expandWorkloads } from "../../src/suite/expand.ts";
import { flags } from "../../src/suite/flags.ts";
import { runSettings } from "../../src/suite/runSettings.ts";

describe("a run", () => {
  it("without model and suite is the quick suite", () => {
    expect(runSettings({})).toMatchObject({
      suite: { name: "quick" },
      settings: {
        models: ["tinyllama-1.1b"],
        quantizations: ["q4_0", "q8_0"],
        repetitions: "auto",
      },
    });
  });

  it("of a model is the standard suite: q4_0, pp512 and tg128, in two launches until the mean is known", () => {
    expect(runSettings({ models: ["70b"] })).toMatchObject({
      suite: { name: "standard" },
      settings: {
        models: ["70b"],
        quantizations: ["q4_0"],
        quantizationsAsked: false,
        nPrompt: [512],
        nGen: [128],
        repetitions: "auto",
        launches: 2,
        timeoutSeconds: 1800,
      },
    });
  });

  it("of a suite takes flags in place of the suite's values", () => {
    const { settings } = runSettings({ suite: "headline", models: ["13b"], nGen: [0] });
    expect(settings).toMatchObject({ models: ["13b"], nPrompt: [512], nGen: [0], launches: 3 });
    expect(settings.quantizations).toEqual(["q4_0", "q4_k_m", "q8_0", "f16"]);
  });

  it("of the machine's tests alone has these and no others, without a model", () => {
    const { suite, settings } = runSettings({ read: ["q4_k"] });
    expect(suite.name).toBe("roofline");
    expect(settings).toMatchObject({ models: [], copy: false, matmul: [], repetitions: "auto" });
    expect(expandWorkloads(settings).map(testName)).toEqual(["read q4_k"]);
  });

  it("of a model and of the machine's tests has both, the machine's first", () => {
    const { settings } = runSettings({ models: ["7b"], copy: true });
    expect(expandWorkloads(settings).map(testName)).toEqual(["copy", "pp512", "tg128"]);
  });

  it("of a suite without a test of any model refuses one that is named", () => {
    expect(() => runSettings({ suite: "roofline", models: ["7b"] })).toThrow(
      /--model: no test of a model is asked for/u,
    );
    expect(() => runSettings({ copy: true, quantizations: ["q8_0"] })).toThrow(/--quant: no test/u);
  });

  it("of a suite whose tests of models are switched off leaves its models out", () => {
    const { settings } = runSettings({ suite: "quick", nPrompt: [0], nGen: [0], copy: true });
    expect(settings.models).toEqual([]);
  });

  it("takes a type alone for a product of the usual size, and refuses other sizes than whole blocks", () => {
    expect(flags.matmul.read(["f16,1024:Q4_K"])).toEqual([
      { size: 4096, type: "f16" },
      { size: 1024, type: "q4_k" },
    ]);
    for (const wrong of ["100", "0", "99999999", "-256", "4k", ""])
      expect(() => flags.matmul.read([`${wrong}:f16`])).toThrow(
        `expected a size that is a multiple of 256 up to 32768, got ${JSON.stringify(wrong)}`,
      );
    for (const wrong of ["4096", " ", "512:1024"])
      expect(() => flags.matmul.read([wrong])).toThrow(
        /^expected TYPE or SIZE:TYPE, as f16 or 8192:q4_0, got /u,
      );
    expect(() => flags.matmul.read(["4096:q4_k_m"])).toThrow(
      /expected a type, one of f32, .*, got "q4_k_m" \(did you mean q4_k\?\)/u,
    );
  });

  it("refuses a pair of neither prompt nor generation, which llama-bench drops without a word", () => {
    const nothing = { nPrompt: 0, nGen: 0 };
    const pair = { nPrompt: 512, nGen: 128 };
    for (const pg of [[nothing], [nothing, pair]])
      expect(() => runSettings({ models: ["7b"], pg })).toThrow(/^--pg 0,0 measures nothing: /u);
  });
});
