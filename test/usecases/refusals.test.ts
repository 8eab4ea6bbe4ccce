import { describe, expect, it } from "vitest";
import { engines } from "../../src/engines/registry.ts";
import { copy, workloadOf } from "../../src/bench/workload.ts";
import { refuseUnrun, refuseUntaken } from "../../src/usecases/refusals.ts";

const other = { takes: ["nBatch"], flags: {} } as const;

describe("a setting that the user gives", () => {
  it("is refused with exit code 2 where it means nothing to the engine", () => {
    expect(() => refuseUntaken({ nBatch: [256], gpuLayers: [3] }, "other", other)).toThrow(
      expect.objectContaining({
        code: "usage",
        exitCode: 2,
        message: expect.stringMatching(/--gpu-layers means nothing to other/u) as unknown,
      }),
    );
  });

  it("is taken where the engine heeds it, and so is one that is no setting of a case", () => {
    expect(() => refuseUntaken({ nBatch: [256], repetitions: 3 }, "other", other)).not.toThrow();
  });

  it("is refused in a suite with the suite's place, and so is a flag of the run that places files", () => {
    expect(() => refuseUntaken({ weights: "real" }, "other", other, "my.yaml: ")).toThrow(
      expect.objectContaining({
        code: "config",
        message: "my.yaml: weights: means nothing to other: leave it out, or choose another engine",
      }),
    );
  });

  it("is taken by llama.cpp, whichever it is", () => {
    const given = { gpuLayers: [1], splitMode: ["row" as const], noKvOffload: [true] };
    expect(() => refuseUntaken(given, "llama.cpp", engines["llama.cpp"])).not.toThrow();
  });
});

describe("a test that the user asks for", () => {
  const reader = { runs: ["read", "copy"] } as const;

  it("is refused where the engine doesn't run its kind, with what it runs", () => {
    const prompt = workloadOf({ prompt: 512, generated: 0, depth: 0 });
    expect(() => refuseUnrun([copy, prompt], "other", reader)).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringMatching(/other doesn't run pp512: it runs read, copy/u) as unknown,
      }),
    );
    expect(() => refuseUnrun([prompt], "other", reader, "my.yaml: ")).toThrow(
      expect.objectContaining({ code: "config" }),
    );
  });

  it("is taken where it runs it", () => {
    expect(() => refuseUnrun([copy], "other", reader)).not.toThrow();
  });
});
