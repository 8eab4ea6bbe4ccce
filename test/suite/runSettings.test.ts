import { describe, expect, it } from "vitest";
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
});
