import { assert, double, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { pacesOf, answerTime } from "../../../src/compare/answers/modelPace.ts";
import { headlineOf } from "../../../src/compare/headline/headline.ts";
import type { Offload } from "../../../src/compare/headline/stands.ts";
import { soonest } from "../../../src/compare/headline/uses.ts";
import { compareReference } from "../reference.ts";

const two = ["m3-max-40c-64gb", "rtx-4090-24gb"];
const nothing = () => null;

describe("what two machines both hold", () => {
  it("is won by the machine that is surely faster in all tests, by the lowest to the highest ratio", async () => {
    const comparison = await compareReference(two);
    const { shared } = headlineOf(comparison, nothing);
    if (shared?.kind !== "both") throw new Error("two machines hold something");
    for (const work of ["generate", "prompt"] as const) {
      const own = comparison.pairs.filter(
        ({ workload, baseline, other }) =>
          workload.kind === work && baseline.value !== null && other.value !== null,
      );
      const ratios = own.map(({ baseline, other }) =>
        baseline.value === null || other.value === null
          ? Number.NaN
          : other.record.summary.mean / baseline.record.summary.mean,
      );
      const contest = shared.contests[work];
      if (contest?.kind !== "won") throw new Error("the 4090 is faster in all");
      expect(contest.winner.label).toBe("rtx-4090-24gb");
      expect(contest.times.low).toBeCloseTo(Math.min(...ratios), 6);
      expect(contest.times.high).toBeCloseTo(Math.max(...ratios), 6);
      expect(contest.tests).toBe(own.length);
    }
    expect(shared.models).toEqual(["llama-3-8b q4_k_m", "llama-3-8b f16"]);
  });
});

describe("what only one machine holds", () => {
  it("is the largest model that runs fast enough there", async () => {
    const { alone } = headlineOf(await compareReference(two), nothing);
    expect(alone?.model.name).toBe("llama-3-70b q4_k_m");
    expect(alone?.stands.map(({ kind, machine }) => [kind, machine.label])).toEqual([
      ["held", "m3-max-40c-64gb"],
      ["unknown", "rtx-4090-24gb"],
    ]);
    expect(alone?.answers).toEqual({ chat: { kind: "unknown" }, documents: { kind: "unknown" } });
  });

  it("is told with the first word after its longest measured prompt", async () => {
    const { alone } = headlineOf(await compareReference(two), nothing);
    expect(alone?.promptTokens).toBe(8192);
    const [held] = alone?.stands ?? [];
    if (held?.kind !== "held") throw new Error("the Mac holds it");
    // pp8192 of reports/reference/m3-max-40c-64gb.csv.
    expect(held.firstWord?.low).toBeCloseTo(8192 / 61.96, 6);
    expect([held.writing?.low, held.writing?.high]).toEqual([5.6, 7.65]);
  });
});

/** Reads and writes at steady speeds, in t/s. */
function steady(reading: number, writing: number): Offload {
  const seconds = (mix: { promptTokens: number; outputTokens: number }) => {
    const all = mix.promptTokens / reading + mix.outputTokens / writing;
    return { low: all, high: all };
  };
  return {
    cpuLayers: 39,
    allLayers: 81,
    writing: () => ({ low: writing, high: writing }),
    seconds,
  };
}

describe("the winner of a use", () => {
  it("is the one that the clock computes, for any mix and any speeds", async () => {
    const comparison = await compareReference(two);
    const [mac] = comparison.machines;
    const pace = pacesOf(mac).find(({ name }) => name === "llama-3-70b q4_k_m");
    if (pace === undefined) throw new Error("the Mac ran it");
    assert(
      property(
        record({
          promptTokens: integer({ min: 1, max: 16_384 }),
          outputTokens: integer({ min: 1, max: 4096 }),
        }),
        double({ min: 10, max: 1000, noNaN: true }),
        double({ min: 1, max: 20, noNaN: true }),
        (mix, reading, writing) => {
          const { alone } = headlineOf(comparison, () => steady(reading, writing));
          if (alone === null) throw new Error("only the Mac holds it");
          const own = answerTime(pace, mix);
          const theirs = mix.promptTokens / reading + mix.outputTokens / writing;
          const answer = soonest(mix, alone);
          const sooner = theirs < own.low ? "rtx-4090-24gb" : theirs > own.high ? mac.label : null;
          expect(answer.kind === "sooner" ? answer.machine.label : null).toBe(sooner);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("five machines", () => {
  it("are ranked at a test that all of them ran, the fastest first", async () => {
    const five = [...two, "2x-rtx-4090-24gb", "m2-ultra-76c-192gb", "rtx-3090-24gb"];
    const { shared, alone } = headlineOf(await compareReference(five), nothing);
    if (shared?.kind !== "most") throw new Error("all hold an 8B model");
    const speeds = shared.rankings.generate?.placed.map(({ speed }) => speed) ?? [];
    expect(speeds).toHaveLength(5);
    expect(speeds).toEqual(speeds.toSorted((a, b) => b - a));
    expect(alone?.stands.filter(({ kind }) => kind === "held").length).toBeGreaterThan(1);
  });
});
