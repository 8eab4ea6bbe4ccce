import { describe, expect, it } from "vitest";
import { caseSeconds, type DurationQuestion } from "../../src/predict/caseDuration.ts";

const base: DurationQuestion = {
  nPrompt: 0,
  nGen: 128,
  nDepth: 0,
  repetitions: 5,
  launches: 1,
  warmup: "llama-bench",
  delaySeconds: 0,
  weightsBytes: 0,
  tg_ts: 64,
  pp_ts: 512,
};

describe("caseSeconds", () => {
  it("counts repetitions, and one token of llama-bench's warm-up", () => {
    expect(caseSeconds(base)).toBeCloseTo(5 * 2 + 1 / 64);
  });

  it("counts each launch's load, fill of the depth, delay and full warm-up", () => {
    const whole = {
      ...base,
      nDepth: 1024,
      launches: 2,
      warmup: "full" as const,
      delaySeconds: 3,
      weightsBytes: 4e9,
    };
    expect(caseSeconds(whole)).toBeCloseTo(2 * (4 + 2 + 3 + (1 / 64 + 2 * 2) + 5 * 2));
  });

  it("takes decode's speed for a prompt where prefill isn't known", () => {
    expect(caseSeconds({ ...base, nPrompt: 64, nGen: 0, pp_ts: null })).toBeCloseTo(6);
  });
});
