import { describe, expect, it } from "vitest";
import { engines } from "../../src/engines/registry.ts";
import { refuseUntaken } from "../../src/usecases/refuseUntaken.ts";

describe("a setting that the user gives", () => {
  it("is refused with exit code 2 where it means nothing to the engine", () => {
    const takes = ["nBatch"] as const;
    expect(() => refuseUntaken({ nBatch: [256], gpuLayers: [3] }, "other", { takes })).toThrow(
      expect.objectContaining({
        code: "usage",
        exitCode: 2,
        message: expect.stringMatching(/--gpu-layers means nothing to other/u) as unknown,
      }),
    );
  });

  it("is taken where the engine heeds it, and so is one that is no setting of a case", () => {
    const takes = ["nBatch"] as const;
    expect(() =>
      refuseUntaken({ nBatch: [256], repetitions: 3 }, "other", { takes }),
    ).not.toThrow();
  });

  it("is taken by llama.cpp, whichever it is", () => {
    const given = { gpuLayers: [1], splitMode: ["row" as const], noKvOffload: [true] };
    expect(() => refuseUntaken(given, "llama.cpp", engines["llama.cpp"])).not.toThrow();
  });
});
