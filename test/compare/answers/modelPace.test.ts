import { array, assert, constantFrom, double, integer, property, record, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { customMix } from "../../../src/compare/answers/mixes.ts";
import { answerTime, byModel } from "../../../src/compare/answers/modelPace.ts";
import type { PacedKind } from "../../../src/compare/answers/paceTests.ts";
import { answerSentences } from "../../../src/reporters/compare/words/answers.ts";
import { defaults } from "../rows.ts";
import { paceFrom, pacesFrom } from "./paces.ts";
import { level, measured } from "./truths.ts";

describe("an answer", () => {
  const pace = paceFrom([
    measured("prompt", level(1000), 8192),
    measured("generate", level(50), 8192),
  ]);

  it("takes the prompt at pp's pace and the output at tg's, from the depth that the prompt left", () => {
    const time = answerTime(pace, { promptTokens: 6000, outputTokens: 400 });
    expect(time).toMatchObject({ extrapolated: false });
    expect(time.low).toBeCloseTo(6 + 8, 9);
    expect(time.high).toBeCloseTo(time.low, 9);
    expect(time.readingShare).toBeCloseTo(6 / 14, 9);
  });

  it("beyond what was measured says so", () => {
    const time = answerTime(pace, { promptTokens: 8000, outputTokens: 400 });
    expect(time.extrapolated).toBe(true);
    expect(time.high).toBeGreaterThan(time.low);
  });
});

describe("answers of models of one shape", () => {
  const both = [measured("prompt", level(1000), 8192), measured("generate", level(50), 8192)];
  const named = (model: string) =>
    both.map((one) => Object.assign({}, one, { model: { ...one.model, id: model } }));

  it("stand beside each other where no model is on both machines", () => {
    const paces = pacesFrom(named("llama-3-8b"), named("llama-3.1-8b"));
    expect([...byModel(paces)].map(([name, own]) => [name, own.length])).toEqual([
      ["llama-3-8b q4_0 / llama-3.1-8b q4_0", 2],
    ]);
  });

  it("stand apart where each is on both", () => {
    const each = [...named("llama-3-8b"), ...named("llama-3.1-8b")];
    expect([...byModel(pacesFrom(each, each)).keys()]).toEqual([
      "llama-3-8b q4_0",
      "llama-3.1-8b q4_0",
    ]);
  });
});

/** Any tests of one kind, however little they agree. */
const testsOf = (kind: PacedKind) =>
  array(
    record({
      tokens: constantFrom(16, 128, 512, 544, 2048, 8192),
      depth: constantFrom(0, 0, 256, 4096, 8192, 32_768),
      speed: double({ min: 1, max: 10_000, noNaN: true }),
    }),
    { minLength: 1, maxLength: 6 },
  ).map((tests) =>
    tests.map(({ tokens, depth, speed }) => measured(kind, level(speed), tokens, depth)),
  );
const anyRows = tuple(testsOf("prompt"), testsOf("generate")).map((kinds) => kinds.flat());
const anyTokens = integer({ min: 1, max: 100_000 });

/** Sums of thousands of seconds differ in their last digits. */
const roundOff = 1 + 1e-9;

describe("of any tests, an answer", () => {
  it("takes time, and no less with more to read or to write", () => {
    assert(
      property(
        anyRows,
        anyTokens,
        anyTokens,
        anyTokens,
        (rows, promptTokens, outputTokens, more) => {
          const pace = paceFrom(rows);
          const time = answerTime(pace, { promptTokens, outputTokens });
          expect(time.low).toBeGreaterThan(0);
          expect(time.high * roundOff).toBeGreaterThanOrEqual(time.low);
          for (const longer of [
            answerTime(pace, { promptTokens: promptTokens + more, outputTokens }),
            answerTime(pace, { promptTokens, outputTokens: outputTokens + more }),
          ]) {
            expect(longer.low * roundOff).toBeGreaterThanOrEqual(time.low);
            expect(longer.high * roundOff).toBeGreaterThanOrEqual(time.high);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("of one machine is never sooner nor later than its own", () => {
    assert(
      property(anyRows, anyTokens, anyTokens, (rows, promptTokens, outputTokens) => {
        const mix = customMix(promptTokens, outputTokens);
        const [said] = answerSentences(pacesFrom(rows, rows), mix, defaults, () => null);
        expect(said).toMatch(/; rtx#2 can't be told apart from rtx\.$/);
      }),
      { numRuns: 200 },
    );
  });
});
