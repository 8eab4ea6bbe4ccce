import { expect, it } from "vitest";
import { agreementOf, repetitionRule } from "../../src/run/repetitionRule.ts";
import { auto } from "./autoOptions.ts";

/** Repetitions that suffice of the next of four launches. */
function enough(relativeSd: number, freedom: number) {
  const rule = repetitionRule(auto, 4, { relativeSd, freedom });
  return typeof rule === "object" && "enough" in rule ? rule.enough : undefined;
}

it("one launch gets all of the time, and must know its mean as well as was asked", () => {
  expect(repetitionRule(auto, 1, null)).toEqual({
    precision: 0.01,
    maxSeconds: 120,
    enough: null,
  });
});

it("four launches share the time, and their means may scatter twice as much", () => {
  expect(repetitionRule(auto, 4, null)).toEqual({ precision: 0.02, maxSeconds: 30, enough: null });
});

it("of as many launches as it takes each is asked as of three", () => {
  const rule = repetitionRule({ ...auto, launches: "auto" }, 10, null);
  expect(rule).toEqual({ precision: 0.01 * Math.sqrt(3), maxSeconds: 40, enough: null });
});

it("a launch after others takes as many repetitions as their scatter calls for", () => {
  // Student's t at 2 degrees of freedom is 4.30, at 20 it is 2.09.
  expect(enough(0.004, 2)).toBe(1);
  expect(enough(0.01, 2)).toBe(5);
  expect(enough(0.01, 20)).toBe(2);
  expect(enough(0, 2)).toBe(1);
});

it("two warm-ups agree within 2%, or within what repetitions are known to scatter by", () => {
  expect(agreementOf(null)).toBe(0.02);
  expect(agreementOf({ relativeSd: 0.005, freedom: 4 })).toBe(0.02);
  expect(agreementOf({ relativeSd: 0.05, freedom: 4 })).toBeCloseTo(0.1386, 3);
});

it("a number of repetitions is each launch's, and a sustained case has its own time", () => {
  expect(repetitionRule({ ...auto, repetitions: 5 }, 3, null)).toBe(5);
  expect(repetitionRule({ ...auto, sustainSeconds: 600 }, 1, null)).toEqual({
    sustainSeconds: 600,
  });
});
