import { expect, it } from "vitest";
import { repetitionRule } from "../../src/run/repetitionRule.ts";

const auto = {
  repetitions: "auto",
  precision: 0.01,
  maxTimeSeconds: 120,
  sustainSeconds: null,
} as const;

it("one launch gets all of the time, and must know its mean as well as was asked", () => {
  expect(repetitionRule(auto, 1)).toEqual({ precision: 0.01, maxSeconds: 120 });
});

it("four launches share the time, and their means may scatter twice as much", () => {
  expect(repetitionRule(auto, 4)).toEqual({ precision: 0.02, maxSeconds: 30 });
});

it("a number of repetitions is each launch's, and a sustained case has its own time", () => {
  expect(repetitionRule({ ...auto, repetitions: 5 }, 3)).toBe(5);
  expect(repetitionRule({ ...auto, sustainSeconds: 600 }, 1)).toEqual({ sustainSeconds: 600 });
});
