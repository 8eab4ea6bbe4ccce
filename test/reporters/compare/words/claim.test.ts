import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../../../src/bench/record.ts";
import type { Comparison } from "../../../../src/compare/comparison.ts";
import { crossoverOf } from "../../../../src/compare/crossover.ts";
import { crossoverText } from "../../../../src/reporters/compare/words/crossover.ts";
import { summaryOf } from "../../../../src/reporters/compare/words/summary.ts";
import { compareReference } from "../../../compare/reference.ts";
import {
  barely,
  compareRows,
  gib,
  mac,
  misfit,
  row,
  steady,
  type Columns,
} from "../../../compare/rows.ts";

const words = (comparison: Comparison) => summaryOf(comparison).join("\n");
const claimOf = (comparison: Comparison) => summaryOf(comparison)[0] ?? "";

const cpu = { machine: "epyc", backend: "cpu", n_gpu_layers: 0, gpu_budget_bytes: null } as const;
const large = {
  model: "large",
  weights_bytes: 36 * gib,
  model_n_params: 70e9,
  n_layers: 80,
  n_gpu_layers: 81,
} as const;
/** With some layers on the CPU. */
const offloaded = { n_gpu_layers: 40, fit: "partial" } as const;

function comparing(
  macRows: readonly Columns[],
  rtxRows: readonly CaseRecord[],
  usable = 5,
): Comparison {
  return compareRows([macRows.map((own) => row({ ...mac, ...own })), rtxRows], { usable });
}

describe("what both machines hold", () => {
  it("is told with the wins of each", async () => {
    const text = claimOf(await compareReference(["2x-rtx-4090-24gb", "rtx-4080-16gb"]));
    expect(text).toMatch(
      /For what both hold 2x-rtx-4090-24gb generates [\d.]+ to [\d.]+ times as fast as rtx-4080-16gb in 9 of 13 cases, and rtx-4080-16gb generates [\d.]+ to [\d.]+ times as fast as 2x-rtx-4090-24gb in 4\./,
    );
    expect(text).not.toContain("the other way round");
  });
});

describe("a model that one machine alone holds on its GPU", () => {
  const faster = comparing(
    [
      { ...large, ...steady(10) },
      { ...steady(50), weights_bytes: 4 * gib },
    ],
    [row({ ...large, ...offloaded, ...steady(20) }), row(steady(40))],
  );

  it("doesn't support the claim where the other is faster with layers on the CPU", () => {
    expect(claimOf(faster)).toContain(
      "not supported: rtx runs large q4_0, which mac alone holds on its GPU, faster all the same (with layers on the CPU at 20.0 t/s)",
    );
  });

  it("isn't said to be lost by who holds it, where the other overtakes", () => {
    const turn = crossoverOf(faster);
    expect(turn && crossoverText(turn)).toContain(
      "rtx overtakes mac in token generation somewhere between 4.0 GiB and 36.0 GiB of weights and KV cache, though mac holds the model on its GPU",
    );
  });

  it("takes nothing from the other's claim where it is too slow to use", () => {
    const text = claimOf(
      compareRows([
        [misfit({ ...mac, ...large, gpu_budget_bytes: 20 * gib }), row({ ...mac, ...steady(50) })],
        [row({ ...large, ...steady(1.2) }), row(steady(20))],
      ]),
    );
    expect(text).toContain(
      "not tested, since no model here is large for either: both hold the largest model that both ran, llama-2-7b q4_0",
    );
    expect(text).toContain(
      "rtx alone holds large q4_0, but runs that at 1.20 t/s, too slowly to use at under 5",
    );
  });

  it("counts under any name that its shape has", () => {
    const text = words(
      comparing(
        [
          { ...large, ...steady(10), model: "llama-3-70b" },
          { ...steady(50), model: "llama-3-8b" },
        ],
        [
          misfit({ ...large, model: "llama-3.1-70b" }),
          row({ ...steady(120), model: "llama-3.1-8b" }),
        ],
      ),
    );
    expect(text).toContain("supported for llama-3-70b q4_0");
    expect(text).not.toContain("nothing that was measured; rtx");
    expect(text).not.toContain("The best that each did with llama-3-8b");
    expect(text).toContain("The best that each did with llama-3-70b / llama-3.1-70b: mac q4_0");
  });

  it("is judged by its speed at the context of use", () => {
    const use = { fit_ctx: 8192, fit_at_ctx: "full", n_ctx: 8192, kv_bytes: gib } as const;
    const slow = { test: "tg128 @ d7680", n_depth: 7680, ...steady(5.6) };
    const text = claimOf(
      comparing(
        [
          { ...large, ...use, ...steady(7.6) },
          { ...large, ...use, ...slow },
        ],
        [misfit(large), misfit({ ...large, test: "tg128 @ d7680", n_depth: 7680 })],
        7,
      ),
    );
    expect(text).toContain(
      "not supported: it alone holds large q4_0, but runs that at 5.60 to 7.60 t/s, too slowly to use at under 7",
    );
  });
});

describe("a model that was refused at the context of use", () => {
  const refused = { test: "tg8192", n_gen: 8192, fit_ctx: 8192 } as const;
  const text = words(
    comparing(
      [{ ...steady(50) }, { ...refused, ...steady(40) }],
      [row({ ...steady(100), fit_ctx: 8192 }), misfit(refused)],
    ),
  );

  it("isn't held there, whatever shorter tests ran", () => {
    expect(text).toContain("supported for llama-2-7b q4_0");
    expect(text).toMatch(/rtx can't hold on its GPU: llama-2-7b q4_0 \(.*it holds 128 tokens\)/);
    expect(text).toContain(
      "Otherwise rtx runs llama-2-7b q4_0 with a shorter context on its GPU at 100 t/s",
    );
  });
});

describe("against a machine without a GPU", () => {
  it("speed decides, and nobody fails to hold on a GPU what isn't there", () => {
    const text = words(
      compareRows([
        [row({ ...mac, ...large, ...steady(12) })],
        [row({ ...cpu, ...large, n_gpu_layers: 0, ...steady(3) })],
      ]),
    );
    expect(text).toContain(
      '"mac wins for big-model inference" against epyc: supported: both hold the largest model that both ran, large q4_0, and mac generates 4.00 times as fast',
    );
    expect(text).not.toContain("epyc can't hold on its GPU");
  });
});

describe("the claim", () => {
  it("isn't tested where no budget tells what is large", () => {
    const text = claimOf(
      compareRows([
        [row({ ...mac, ...steady(50), gpu_budget_bytes: null })],
        [row({ ...steady(100), gpu_budget_bytes: null })],
      ]),
    );
    expect(text).toContain("not tested, since no GPU budget is known: both hold");
  });

  it("and the crossover stand on no win that the sentence about speeds drops", () => {
    const sizes = Array.from({ length: 20 }, (_, i) => ({
      model: `model-${i}`,
      weights_bytes: (i + 1) * gib,
    }));
    const comparison = compareRows([
      sizes.map((size, i) => row({ ...mac, ...size, ...barely(i < 10 ? 100 : 104.2) })),
      sizes.map((size, i) => row({ ...size, ...barely(i < 10 ? 104.2 : 100) })),
    ]);
    expect(comparison.pairs.every(({ verdict }) => verdict.kind === "faster")).toBe(true);
    expect(crossoverOf(comparison)).toBeNull();
    expect(claimOf(comparison)).toContain("not settled: both hold");
  });
});

describe("the sentence about speeds", () => {
  it("tells a lead that may not matter from what can't be told apart", async () => {
    const text = words(await compareReference(["rtx-4090-24gb", "2x-rtx-4090-24gb"]));
    expect(text).toContain(
      "rtx-4090-24gb is ahead in 4, though not surely by more than 3% (llama-3-8b q4_k_m); 4 can't be told apart (llama-3-8b f16)",
    );
  });

  it("names the tests of a model that stands in several parts", () => {
    const longer = { test: "tg512", n_gen: 512 } as const;
    const text = words(
      comparing(
        [{ ...steady(50) }, { ...longer, ...steady(100) }],
        [row(steady(100)), row({ ...longer, ...steady(100.2) })],
      ),
    );
    expect(text).toContain(
      "(llama-2-7b q4_0 tg128); 1 within 3% of each other (llama-2-7b q4_0 tg512)",
    );
  });

  it("says what figures without a spread, and builds far apart, leave undecided", () => {
    const bare = { samples_ts: [], stddev_ts: null, repetitions: null };
    const other = { model: "other", weights_bytes: 5 * gib } as const;
    const text = words(
      comparing(
        [
          { ...bare, avg_ts: 100 },
          { ...other, ...steady(100) },
        ],
        [row({ ...bare, avg_ts: 110 }), row({ ...other, ...steady(110), engine_version: "b2000" })],
      ),
    );
    expect(text).toContain("1 undecided, without a known spread (llama-2-7b q4_0)");
    expect(text).toContain("1 undecided between builds too far apart or unknown (other q4_0)");
  });
});
