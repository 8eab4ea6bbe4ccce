import { mean } from "simple-statistics";
import { describe, expect, it } from "vitest";
import { stopReason } from "../../src/engines/child/stopRule.ts";
import { repetitionRule } from "../../src/run/repetitionRule.ts";
import { summarize } from "../../src/statistics/launchSummary.ts";
import { pooledScatter } from "../../src/statistics/pooledScatter.ts";
import { normalDeviates } from "../statistics/random.ts";
import { auto } from "./autoOptions.ts";

const truth = 100;

/** Launches of a case, each with as many repetitions as the rule asks for; spreads as shares of the speed. */
function simulated(launches: number, between: number, within: number, next: () => number) {
  const done: number[][] = [];
  while (done.length < launches) {
    const rule = repetitionRule(auto, launches, pooledScatter(done));
    const speed = truth * (1 + between * next());
    const samples: number[] = [];
    do samples.push(speed * (1 + within * next()));
    while (stopReason(samples, 0, rule) === null);
    done.push(samples);
  }
  return done;
}

function trials(launches: number, between: number, within: number) {
  const next = normalDeviates(11);
  return Array.from({ length: 3000 }, () => {
    const samples = simulated(launches, between, within, next);
    const { ci95 } = summarize(samples) ?? {};
    const covers = ci95 ? ci95.low <= truth && truth <= ci95.high : false;
    return { covers, repetitions: samples.flat().length };
  });
}

describe("intervals of launches whose repetitions follow from those before", () => {
  it.each([
    [3, 0.005, 0.004],
    [4, 0.005, 0.01],
    [4, 0, 0.02],
    [6, 0.01, 0.003],
  ])("%i launches that differ by %f and scatter by %f: 93 to 97% hold the truth", (...given) => {
    const covered = mean(trials(...given).map(({ covers }) => Number(covers)));
    expect(covered).toBeGreaterThan(0.93);
    expect(covered).toBeLessThan(0.97);
  });

  it("at rest the launches after the first take one repetition", () => {
    const repetitions = mean(trials(6, 0.005, 0.003).map((each) => each.repetitions));
    expect(repetitions).toBeLessThan(3 + 5 + 0.5);
  });
});
