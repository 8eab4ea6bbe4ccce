import { describe, expect, it } from "vitest";
import { answerSentences } from "../../src/compare/workload/answerWords.ts";
import { answerTime, answerersOf, turnOf } from "../../src/compare/workload/answers.ts";
import type { Answerer } from "../../src/compare/workload/answers.ts";
import { mixes } from "../../src/compare/workload/mixes.ts";
import { paceCurve } from "../../src/compare/workload/paceCurve.ts";
import type { Kind } from "../../src/compare/workload/paceCurve.ts";
import type { CaseRow } from "../../src/results/caseResult.ts";
import { compareReference } from "./reference.ts";
import { row } from "./rows.ts";

/** Seconds a token that grow evenly with depth, as attention over a growing cache does. */
interface Truth {
  readonly start: number;
  readonly growth: number;
}

const upTo = ({ start, growth }: Truth, tokens: number) =>
  start * tokens + (growth * tokens ** 2) / 2;

function test(kind: Kind, truth: Truth, tokens: number, depth = 0): CaseRow {
  const seconds = upTo(truth, depth + tokens) - upTo(truth, depth);
  return row({
    test: `${kind}${tokens} @ d${depth}`,
    n_prompt: kind === "pp" ? tokens : 0,
    n_gen: kind === "tg" ? tokens : 0,
    n_depth: depth,
    avg_ts: tokens / seconds,
  });
}

const slow = { start: 1e-3, growth: 1e-7 };
const curve = (kind: Kind, ...rows: readonly CaseRow[]) => {
  const found = paceCurve(kind, rows);
  if (found === null) throw new Error("nothing measured");
  return found;
};

describe("seconds up to a depth", () => {
  it("are exact between tests at depth, where the pace grows evenly", () => {
    const depths = curve(
      "pp",
      test("pp", slow, 512),
      test("pp", slow, 512, 4096),
      test("pp", slow, 512, 16384),
    );
    for (const tokens of [100, 4352, 8000, 16_896]) {
      expect(depths.upTo(tokens).low).toBeCloseTo(upTo(slow, tokens), 9);
    }
  });

  it("are exact at measured lengths and between them: pp8192 is a mean over its length, no test at that depth", () => {
    const lengths = [512, 4096, 8192].map((tokens) => test("pp", slow, tokens));
    for (const tokens of [512, 3000, 4096, 6000, 8192])
      expect(curve("pp", ...lengths).upTo(tokens).low).toBeCloseTo(upTo(slow, tokens), 9);
  });

  it("are an interval beyond the measured depths, and it holds the truth", () => {
    const lengths = curve("tg", test("tg", slow, 512), test("tg", slow, 4096));
    const depths = curve("tg", test("tg", slow, 128), test("tg", slow, 128, 4096));
    for (const known of [lengths, depths]) {
      const { low, high } = known.upTo(12_000);
      expect(low).toBeLessThan(upTo(slow, 12_000));
      expect(high).toBeGreaterThanOrEqual(upTo(slow, 12_000) * 0.9999);
    }
  });

  it("of one test alone allow for the steepest slowing that was published", () => {
    const { low, high } = curve("pp", test("pp", { start: 1e-3, growth: 0 }, 512)).upTo(4608);
    expect(low).toBeCloseTo(4.608, 6);
    expect(high).toBeCloseTo(4.608 + (1e-3 * 3.1e-4 * 4096 ** 2) / 2, 6);
  });

  it("of one test alone on several devices allow for a pipeline that fills later", () => {
    const single = { ...test("pp", { start: 1e-3, growth: 0 }, 512), n_devices: 2 };
    expect(curve("pp", single).upTo(1024).low).toBeCloseTo(0.512 + 0.512 / 2.3, 6);
  });

  it("are unknown where nothing was measured", () => {
    expect(paceCurve("pp", [test("tg", slow, 128)])).toBeNull();
  });
});

const answerer = (pp: Truth, tg: Truth): Pick<Answerer, "pp" | "tg"> => ({
  pp: curve("pp", test("pp", pp, 8192)),
  tg: curve("tg", test("tg", tg, 8192)),
});
const level = (tokensPerSecond: number) => ({ start: 1 / tokensPerSecond, growth: 0 });

describe("an answer", () => {
  it("takes the prompt at pp's pace and the output at tg's, from the depth that the prompt left", () => {
    const time = answerTime(answerer(level(1000), level(50)), {
      promptTokens: 6000,
      outputTokens: 400,
    });
    expect(time).toMatchObject({ extrapolated: false });
    expect(time.low).toBeCloseTo(6 + 8, 9);
    expect(time.high).toBeCloseTo(time.low, 9);
  });

  it("beyond what was measured says so", () => {
    const time = answerTime(answerer(level(1000), level(50)), {
      promptTokens: 8000,
      outputTokens: 400,
    });
    expect(time.extrapolated).toBe(true);
    expect(time.high).toBeGreaterThan(time.low);
  });
});

describe("the mix at which the winner changes", () => {
  const reader = answerer(level(2000), level(20));
  const writer = answerer(level(500), level(40));

  it("is where the time lost in one is won in the other", () => {
    // P (1/500 - 1/2000) = O (1/20 - 1/40): P : O = 0.025 / 0.0015.
    const turn = turnOf(reader, writer, 4000);
    if (turn.kind !== "turn") throw new Error(turn.kind);
    expect(turn.low).toBeLessThanOrEqual(0.025 / 0.0015);
    expect(turn.high).toBeGreaterThanOrEqual(0.025 / 0.0015);
    expect(turn.high / turn.low).toBeLessThan(1.2);
  });

  it("isn't there where one is faster at both", () => {
    expect(turnOf(reader, answerer(level(100), level(10)), 4000)).toEqual({ kind: "always" });
  });

  it("can't be told where the times overlap throughout", () => {
    expect(turnOf(reader, reader, 4000)).toEqual({ kind: "unclear" });
  });
});

describe("the sentence", () => {
  it("gives seconds on each machine, and who answers sooner", async () => {
    const { machines } = await compareReference(["m3-max-40c-64gb", "rtx-4090-24gb"]);
    const sentences = answerSentences(machines.flatMap(answerersOf), mixes.rag);
    expect(sentences[0]).toMatch(
      /^RAG \(6000 tokens read, 400 written\), llama-3-8b q4_k_m: m3-max-40c-64gb 2\d\.\d s, rtx-4090-24gb \d\.\d+ s per answer; rtx-4090-24gb answers sooner than m3-max-40c-64gb, whatever the mix of 6400 tokens\.$/,
    );
    expect(sentences.join("\n")).not.toContain("llama-3-70b");
  });
});
