import { describe, expect, it } from "vitest";
import { caseDuration, durationOf, type DurationQuestion } from "../../src/predict/caseDuration.ts";

const exactly = (speed: number) => ({ centre: speed, low: speed, high: speed });

const base: DurationQuestion = {
  nPrompt: 0,
  nGen: 128,
  nDepth: 0,
  repetitions: 5,
  laterRepetitions: 5,
  moreForSeconds: 0,
  launches: exactly(1),
  warmup: "llama-bench",
  delaySeconds: 0,
  weightsBytes: 0,
  tg: exactly(64),
  pp: exactly(512),
};

describe("caseDuration", () => {
  it("counts repetitions, and one token of llama-bench's warm-up", () => {
    expect(caseDuration(base).centre).toBeCloseTo(5 * 2 + 1 / 64);
  });

  it("counts each launch's load, fill of the depth, delay and full warm-up", () => {
    const whole = {
      ...base,
      nDepth: 1024,
      launches: exactly(2),
      warmup: "full" as const,
      delaySeconds: 3,
      weightsBytes: 4e9,
    };
    expect(caseDuration(whole).centre).toBeCloseTo(2 * (4 + 2 + 3 + (1 / 64 + 2) + 5 * 2));
  });

  it("counts fewer repetitions of the launches after the first", () => {
    const three = { ...base, launches: exactly(3), laterRepetitions: 1 };
    expect(caseDuration(three).centre).toBeCloseTo((5 + 1 + 1) * 2 + 3 / 64);
  });

  it("takes decode's speed for a prompt where prefill isn't known", () => {
    expect(caseDuration({ ...base, nPrompt: 64, nGen: 0, pp: null }).centre).toBeCloseTo(6);
  });

  it("is shortest at the high ends of the speeds' ranges, longest at the low ones", () => {
    const { low, high } = caseDuration({ ...base, tg: { centre: 64, low: 32, high: 128 } });
    expect(low).toBeCloseTo(5 + 1 / 128);
    expect(high).toBeCloseTo(20 + 1 / 32);
  });

  it("has a range where speeds have none: weights may be in memory, and warm-ups disagree", () => {
    const { centre, low, high } = caseDuration({ ...base, warmup: "full", weightsBytes: 10e9 });
    expect(centre - low).toBeCloseTo(8);
    expect(high - centre).toBeCloseTo(10 + 2 * 2);
  });

  it("may take all the time that more repetitions are given, and never less than the least of them", () => {
    const more = caseDuration({ ...base, moreForSeconds: 120 });
    expect(more.centre).toBeCloseTo(5 * 2 + 1 / 64);
    expect(more.high).toBeCloseTo(120);
    expect(caseDuration({ ...base, moreForSeconds: 1 }).high).toBeCloseTo(5 * 2 + 1 / 64);
  });
});

it("a run's duration is that of its cases, one after the other", () => {
  const one = { centre: 2, low: 1, high: 4 };
  expect(durationOf([one, one])).toEqual({ centre: 4, low: 2, high: 8 });
  expect(durationOf([])).toEqual({ centre: 0, low: 0, high: 0 });
});
