import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../../src/compare/comparison.ts";
import { crossoverOf } from "../../../../src/compare/crossover.ts";
import { pairJson } from "../../../../src/reporters/compare/contract.ts";
import { crossoverText } from "../../../../src/reporters/compare/words/crossover.ts";
import { summaryOf } from "../../../../src/reporters/compare/words/summary.ts";
import { compareReference } from "../../../compare/reference.ts";
import { barely, compareRows, gib, mac, misfit, row, steady } from "../../../compare/rows.ts";

const mac64 = "m3-max-40c-64gb";
const mac48 = "m3-max-40c-48gb";
const rtx = "rtx-4090-24gb";
const twoRtx = "2x-rtx-4090-24gb";

function pairsOf(comparison: Comparison, model: string, quantization: string, test: string) {
  return comparison.pairs
    .map(pairJson)
    .filter(
      (pair) =>
        [pair.model, pair.quantization, pair.test].join() === [model, quantization, test].join(),
    );
}

/** The sentences, as one text. */
const words = (comparison: Comparison) => summaryOf(comparison).join("\n");

describe("the published M3 Max with 64 GB against one 4090", () => {
  it("shows the 4090 faster at 8B, about 2.5 times at tg", async () => {
    const [pair] = pairsOf(await compareReference([mac64, rtx]), "llama-3-8b", "q4_k_m", "tg1024");
    expect(pair).toMatchObject({ verdict: "faster", winner: rtx });
    expect(pair?.ratio).toBeCloseTo(2.518, 3);
    expect(pair?.ratio_low).toBeGreaterThan(2.3);
    expect(pair?.ratio_high).toBeLessThan(2.7);
  });

  it("shows that only the M3 Max runs 70B Q4_K_M", async () => {
    const [pair] = pairsOf(await compareReference([mac64, rtx]), "llama-3-70b", "q4_k_m", "tg1024");
    expect(pair).toMatchObject({ verdict: "only_one_runs", winner: mac64, ratio: null });
    expect(pair?.results[1]).toMatchObject({ status: "does_not_fit", avg_ts: null });
  });

  it("supports the claim, with its conditions, and says the rest too", async () => {
    const text = words(await compareReference([mac64, rtx]));
    expect(text).toContain(
      `"${mac64} wins for big-model inference" against ${rtx}: supported for llama-3-70b q4_k_m`,
    );
    expect(text).toContain("42.1 of 24.0 GiB at 8192 tokens");
    expect(text).toContain("the stock Metal limit of 48.0 GiB");
    expect(text).toContain("one card with 24.0 GiB");
    expect(text).toMatch(
      /For what both hold it is the other way round: rtx-4090-24gb generates 2\.\d+ to 3\.\d+ times as fast/,
    );
    expect(text).toContain(
      `Otherwise ${rtx} runs llama-3-70b iq2_m with layers on the CPU at 17.3 t/s`,
    );
    expect(text).toContain("iq2_m (2.73 bits per weight)");
    expect(text).toContain("MLX on Apple silicon, vLLM or TensorRT-LLM on NVIDIA");
    expect(text).toContain("b2795 (bcdee0da) / b2824 (4426e298)");
  });

  it("brackets the crossover by measured sizes", async () => {
    const crossover = crossoverOf(await compareReference([mac64, rtx]));
    expect((crossover?.low.bytes ?? 0) / gib).toBeCloseTo(15.96, 1);
    expect((crossover?.high.bytes ?? 0) / gib).toBeCloseTo(39.75, 1);
    const text = crossover && crossoverText(crossover);
    expect(text).toContain("between 16.0 GiB and 39.7 GiB");
    expect(text).toContain(`${mac64} overtakes ${rtx}`);
  });

  it("says the same whichever comes first", async () => {
    const [there, back] = [
      await compareReference([mac64, rtx]),
      await compareReference([rtx, mac64]),
    ];
    expect(summaryOf(back)[0]).toBe(summaryOf(there)[0]);
    const [turn, turnBack] = [crossoverOf(there), crossoverOf(back)].map(
      (found) => found && [found.low.bytes, found.high.bytes, crossoverText(found)],
    );
    expect(turn).not.toBeNull();
    expect(turnBack).toEqual(turn);
  });
});

describe("the published M3 Max with 64 GB against two 4090s", () => {
  it("shows the 4090s ahead at every size, and refutes the claim", async () => {
    const comparison = await compareReference([mac64, twoRtx]);
    const [pair] = pairsOf(comparison, "llama-3-70b", "q4_k_m", "tg1024");
    expect(pair).toMatchObject({ verdict: "faster", winner: twoRtx });
    expect(words(comparison)).toMatch(
      /big-model inference" against 2x-rtx-4090-24gb: not supported: both hold/,
    );
    expect(crossoverOf(comparison)).toBeNull();
  });
});

describe("the published M3 Max with 48 GB", () => {
  it("doesn't hold 70B Q4_0 on its GPU: only its CPU runs it, at 3.11 t/s, too slowly to use", async () => {
    const comparison = await compareReference([mac48, rtx]);
    const [pair] = pairsOf(comparison, "llama-2-70b", "q4_0", "tg1024");
    expect(pair).toMatchObject({ verdict: "only_one_runs", winner: mac48 });
    expect(pair?.results[0]).toMatchObject({ placement: "cpu", n_gpu_layers: 0 });
    expect(pair?.results[0]?.avg_ts).toBeCloseTo(3.11, 2);
    const text = words(comparison);
    expect(text).toContain(
      "llama-2-70b q4_0 (37.5 of 36.0 GiB at 4096 tokens; runs it on the CPU at 3.11 t/s, too slowly to use at under 5)",
    );
    expect(text).toMatch(/sysctl iogpu\.wired_limit_mb=\d+` would hold llama-2-70b q4_0/);
  });

  it("loses 70B to two 4090s, which hold it", async () => {
    const comparison = await compareReference([mac48, twoRtx]);
    const [pair] = pairsOf(comparison, "llama-2-70b", "q4_0", "tg1024");
    expect(pair).toMatchObject({ verdict: "only_one_on_gpu", winner: twoRtx });
    expect(pair?.ratio).toBeCloseTo(5.95, 1);
    expect(words(comparison)).toContain(`not supported: ${twoRtx} holds`);
  });
});

const seventy = {
  model: "llama-2-70b",
  weights_bytes: 36.2 * gib,
  n_layers: 80,
  n_gpu_layers: 81,
} as const;

const twoSpeeds = (macSpeed: number, rtxSpeed: number) =>
  words(compareRows([[row({ ...mac, ...steady(macSpeed) })], [row(steady(rtxSpeed))]]));

describe("sentences", () => {
  it("are the same in each machine's favour", () => {
    expect(twoSpeeds(50, 100)).toContain("rtx is faster, 2.00 times");
    expect(twoSpeeds(100, 50)).toContain("mac is faster, 2.00 times");
    expect(twoSpeeds(100, 100.5)).toContain("1 within 3% of each other");
  });

  it("drop a win that doesn't survive Holm's correction over all the cases they speak of", () => {
    const sizes = Array.from({ length: 20 }, (_, i) => ({ model: `model-${i}` }));
    const comparison = compareRows([
      sizes.map((size) => row({ ...mac, ...size, ...barely(100) })),
      sizes.map((size) => row({ ...size, ...barely(104.2) })),
    ]);
    expect(comparison.pairs.every(({ verdict }) => verdict.kind === "faster")).toBe(true);
    expect(words(comparison)).toContain("rtx is ahead in 20, though not surely by more than 3%");
  });

  it("say that it runs, and that it doesn't hold the context of use", () => {
    const small = {
      fit_ctx: 8192,
      fit_at_ctx: "partial",
      max_ctx: 3000,
      n_ctx: 256,
      kv_bytes: 256 * 2 ** 19,
    } as const;
    const text = words(
      compareRows([[row({ ...mac, ...steady(50) })], [row({ ...steady(100), ...small })]]),
    );
    expect(text).toContain(
      "rtx can't hold on its GPU: llama-2-7b q4_0 (7.6 of 24.0 GiB at 8192 tokens; it holds 3000 tokens)",
    );
  });

  it("don't test the claim by a model that is large for neither", () => {
    const text = words(compareRows([[row({ ...mac, ...steady(50) })], [row(steady(100))]]));
    expect(text).toContain("not tested, since no model here is large for either: both hold");
  });

  it("don't call a win what is too slow to use", () => {
    const slow = row({ ...mac, ...seventy, ...steady(4) });
    const text = words(
      compareRows([
        [slow, row({ ...mac, ...steady(50) })],
        [misfit(seventy), row(steady(100))],
      ]),
    );
    expect(text).toContain(
      "not supported: it alone holds llama-2-70b q4_0, but runs that at 4.00 t/s, too slowly to use at under 5",
    );
    expect(text).toContain(
      "mac holds, and runs too slowly to use (below 5 t/s): llama-2-70b q4_0 at 4.00 t/s",
    );
  });

  it("count what failed apart from what can't run", () => {
    const crashed = misfit({ status: "failed", reason: "crashed: SIGSEGV" });
    const text = words(compareRows([[row({ ...mac, ...steady(50) })], [crashed]]));
    expect(text).toContain(
      "Failed, which says nothing of what the machine could do: rtx: llama-2-7b q4_0 tg128 (crashed: SIGSEGV)",
    );
  });

  it("say of a failure that gives no reason that it gives none", () => {
    const failed = misfit({ status: "failed", reason: null });
    expect(words(compareRows([[row({ ...mac, ...steady(50) })], [failed]]))).toContain(
      "rtx: llama-2-7b q4_0 tg128 (no reason given)",
    );
  });

  it("count the warnings of the rows", () => {
    const warned = row({ ...mac, warnings: ["other_load: 2 of 2 CPUs", "outliers (1 of 5)"] });
    expect(words(compareRows([[warned], [row({ warnings: ["other_load"] })]]))).toContain(
      "Warnings of paired rows, with how many: other_load (2).",
    );
  });

  it("speak of Holm's correction where several pairs have an interval, and nowhere else", () => {
    const tests = ["tg128", "tg512"];
    const text = (given: Parameters<typeof row>[0]) =>
      words(
        compareRows([
          tests.map((test) => row({ ...mac, test, ...given })),
          tests.map((test) => row({ test, ...given, avg_ts: 200 })),
        ]),
      );
    expect(text({})).toContain("Holm's correction applied");
    expect(text({ samples_ts: [], avg_ts: 100, repetitions: null })).not.toContain("Holm");
  });

  it("say what nobody can compare", () => {
    const text = words(
      compareRows([[row({ ...mac, type_k: "q8_0" })], [row(), row({ model: "x" })]]),
    );
    expect(text).toContain("Not compared: 1 pair (type_k differs");
    expect(text).toContain(
      "Left out, without a counterpart in 0.csv: 1 case of rtx (x q4_0 tg128)",
    );
  });

  it("say which tests nobody here knows", () => {
    const later = { test: "session agent" };
    const text = words(
      compareRows([
        [row(mac), row({ ...mac, ...later })],
        [row(), row(later)],
      ]),
    );
    expect(text).toContain(
      "Left out, tests that this llmbench doesn't know: 1 case of mac (llama-2-7b q4_0 session agent); 1 case of rtx (llama-2-7b q4_0 session agent).",
    );
    expect(text).not.toContain("without a counterpart");
  });

  it("say that there is nothing to compare", () => {
    expect(words(compareRows([[row({ ...mac, model: "x" })], [row({ model: "y" })]]))).toContain(
      "Nothing to compare: no model, quantization and test stands in both files.",
    );
  });
});

describe("the crossover", () => {
  const sizes = [4, 12, 20, 38, 60];
  const at = (winners: string) => {
    const files = [mac, {}].map((machine, index) =>
      sizes.map((size, i) => {
        const fast = winners[i] === "m" ? index === 0 : index === 1;
        const speed = winners[i] === "=" ? 50 : fast ? 100 : 50;
        return row({ ...machine, ...steady(speed), model: `m${i}`, weights_bytes: size * gib });
      }),
    );
    const found = crossoverOf(compareRows(files));
    return found === null ? null : [found.low.bytes / gib, found.high.bytes / gib];
  };

  it.each([
    ["rrrmm", [20, 38]],
    ["rr=mm", [12, 38]],
    ["rmmmm", [4, 12]],
    ["mmmrr", [20, 38]],
    ["rrrrr", null],
    ["rmrmm", null],
    ["=====", null],
  ])("of winners %s by size is %j", (winners, expected) => {
    expect(at(winners)).toEqual(expected);
  });
});
