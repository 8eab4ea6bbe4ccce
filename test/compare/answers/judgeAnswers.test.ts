import { describe, expect, it } from "vitest";
import { judgeAnswers, turnOf } from "../../../src/compare/answers/judgeAnswers.ts";
import { mixes } from "../../../src/compare/answers/mixes.ts";
import type { ModelPace } from "../../../src/compare/answers/modelPace.ts";
import { winnerOf } from "../../../src/compare/judge/verdict.ts";
import { normalDeviates } from "../../statistics/random.ts";
import { compareRows, defaults, launches, row, type Columns } from "../rows.ts";
import { paceFrom } from "./paces.ts";
import { level, measured } from "./truths.ts";

const rows = (pp: number, tg: number, overrides: Columns = {}) => [
  measured("prompt", level(pp), 8192, 0, overrides),
  measured("generate", level(tg), 8192, 0, overrides),
];
const speeds = (...given: Parameters<typeof rows>) => paceFrom(rows(...given));
const short = (pp: number, tg: number) =>
  paceFrom([measured("prompt", level(pp), 512), measured("generate", level(tg), 128)]);
const turn = (a: ModelPace, b: ModelPace) => turnOf(a, b, 4000, defaults);
const judged = (a: ModelPace, b: ModelPace) => {
  const verdict = judgeAnswers(a, b, mixes.code, defaults);
  return { verdict: verdict.kind, winner: winnerOf(verdict) };
};

describe("who answers sooner", () => {
  it("is the machine whose pp and tg are surely higher", () => {
    expect(judged(speeds(1000, 50), speeds(1200, 60)).winner).toBe("other");
    expect(judged(speeds(1200, 60), speeds(1000, 50)).winner).toBe("baseline");
  });

  it("isn't told of a difference that the pairs don't tell", () => {
    const [a, b] = [rows(1000, 50), rows(1040, 52)];
    expect(compareRows([a, b]).pairs.map(({ verdict }) => verdict.kind)).toEqual([
      "inconclusive",
      "inconclusive",
    ]);
    expect(judged(paceFrom(a), paceFrom(b)).winner).toBeNull();
  });

  it.each([2, 3])("is nobody, of one machine measured twice in %d launches", (count) => {
    const normal = normalDeviates(5);
    const run = () => {
      // What a launch is slower by, all its tests are.
      const luck = Array.from({ length: count }, () => 1 + 0.01 * normal());
      const samples = (speed: number) =>
        launches(...luck.map((each) => Array.from({ length: 5 }, () => speed * each)));
      const [pp, tg] = [samples(1000), samples(50)];
      return paceFrom([
        row({ ...pp, test: "pp8192", n_prompt: 8192, n_gen: 0 }),
        row({ ...tg, test: "tg8192", n_gen: 8192 }),
      ]);
    };
    const won = Array.from({ length: 500 }, () => judged(run(), run())).filter(
      ({ winner }) => winner !== null,
    );
    expect(won.length / 500).toBeLessThanOrEqual(0.05);
  });

  it.each([
    ["without a spread", { samples_ts: [], repetitions: null }],
    ["of builds far apart", { engine_version: "b1000" }],
  ])("needs a ratio beyond 1.25 of rows %s", (_, overrides) => {
    expect(judged(speeds(1000, 50), speeds(1200, 60, overrides)).winner).toBeNull();
    expect(judged(speeds(1000, 50), speeds(1300, 65, overrides)).winner).toBe("other");
  });

  it("is asked of the times as near as extrapolation leaves them", () => {
    expect(judged(short(1000, 50), short(1070, 53.5)).winner).toBeNull();
    expect(judged(short(1000, 50), short(4000, 200)).winner).toBe("other");
  });

  it("can't be the machine whose results are wrong", () => {
    const wrong = speeds(1200, 60, { warnings: ["output_differs_from_cpu: 0.1"] });
    expect(judged(speeds(1000, 50), wrong).verdict).toBe("incomparable");
  });
});

describe("the mix at which the winner changes", () => {
  const reader = speeds(2000, 20);

  it("lies between mixes that are sure, on both sides of where the times are equal", () => {
    // P (1/500 - 1/2000) = O (1/20 - 1/40): P : O = 0.025 / 0.0015.
    const found = turn(reader, speeds(500, 40));
    if (found.kind !== "turn") throw new Error(found.kind);
    expect(found.low).toBeLessThan((0.025 / 0.0015) * 0.97);
    expect(found.high).toBeGreaterThan((0.025 / 0.0015) * 1.03);
    expect(found.high / found.low).toBeLessThan(1.6);
  });

  it("is told further apart the less sure the tests are", () => {
    const unsure = speeds(500, 40, { samples_ts: [80, 90, 100, 110, 120] });
    const [sure, vague] = [turn(reader, speeds(500, 40)), turn(reader, unsure)];
    if (sure.kind !== "turn" || vague.kind !== "turn") throw new Error(vague.kind);
    expect(vague.low).toBeLessThan(sure.low);
    expect(vague.high).toBeGreaterThan(sure.high);
  });

  it("isn't told where only one of the two is sure to win anything", () => {
    expect(turn(reader, speeds(2040, 30))).toEqual({ kind: "unclear" });
  });

  it("isn't there where one is faster at both", () => {
    expect(turn(reader, speeds(100, 10))).toEqual({ kind: "always" });
  });

  it("can't be told of equals", () => {
    expect(turn(reader, reader)).toEqual({ kind: "unclear" });
  });
});
