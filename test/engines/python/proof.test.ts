import { describe, expect, it } from "vitest";
import { whyNotDone, whyNotLearning } from "../../../src/engines/python/proof.ts";
import type { Proof } from "../../../src/engines/python/protocol.ts";

const step = (loss: number | null, skipped = false) => ({ loss, skipped, ns: 1e6 });

const learning: Proof = {
  steps: [8, 7.5, 7, 6.5].map((loss) => step(loss)),
  gradient_norms: [0.1, 0.2],
  unchanged: [],
  tensors: 2,
  finite: true,
};

describe("steps on one batch learn", () => {
  it("where the loss falls, every tensor moves by a gradient, and all is finite", () => {
    expect(whyNotLearning(learning, "f32")).toBeNull();
  });

  it("also behind steps that the loss scaler skips", () => {
    const steps = [step(8, true), ...[8, 7.5, 7, 6.5].map((loss) => step(loss))];
    expect(whyNotLearning({ ...learning, steps }, "f16")).toBeNull();
  });

  it.each([
    ["the loss stays", { steps: [8, 8, 8, 8].map((loss) => step(loss)) }, /did not fall/u],
    ["the loss rises", { steps: [8, 8, 8, 9].map((loss) => step(loss)) }, /8 at first, 9 after 4/u],
    ["a tensor has no gradient", { gradient_norms: [0, 0.2] }, /1 of 2 tensors have no gradient/u],
    ["a tensor stays", { unchanged: ["norm.weight"] }, /1 of 2 .* unchanged .*: norm.weight/u],
    ["weights are lost", { finite: false }, /weights are not finite after 4 steps/u],
    ["gradients are lost", { gradient_norms: [null, 1] }, /gradients are not finite/u],
    [
      "the scaler skips on",
      { steps: [8, 8, 8].map((loss) => step(loss, true)) },
      /skipped 3 of 3/u,
    ],
  ] as const)("and don't where %s", (_, change, words) => {
    expect(whyNotLearning({ ...learning, ...(change as Partial<Proof>) }, "f32")).toMatch(words);
  });

  it("of a cast, the reason says what is lost and what keeps it", () => {
    const lost = { ...learning, steps: [step(8), step(null)] };
    const why = whyNotLearning(lost, "f16-pure");
    expect(why).toMatch(/not finite after 1 step: float16 weights and moments .*; f16 keeps/u);
    expect(whyNotLearning(lost, "bf16")).toBe("the loss is not finite after 1 step");
  });
});

describe("a timed repetition was a step", () => {
  const done = [
    [7, 0.5, 20],
    [6, 0.4, 20.1],
    [5, 0.3, 20.2],
  ] as [number | null, number | null, number | null][];

  it("where it has a gradient and weights of its own", () => {
    expect(whyNotDone({ traces: done, finite: true })).toBeNull();
  });

  it.each([
    ["the weights are those of before", [7, 0.6, 20.2], /left the weights/u],
    ["the gradient is that of before", [7, 0.3, 20.3], /no gradient of its own/u],
    ["something isn't finite", [null, 0.2, 20.3], /not finite after repetition 3/u],
  ] as const)("and wasn't where %s", (_, trace, words) => {
    expect(whyNotDone({ traces: [...done, [...trace]], finite: true })).toMatch(words);
  });

  it("and wasn't where the weights are lost in the end", () => {
    expect(whyNotDone({ traces: done, finite: false })).toMatch(/weights are not finite/u);
  });
});
