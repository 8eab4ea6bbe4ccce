import { describe, expect, it } from "vitest";
import type { Comparison } from "../../../../src/compare/comparison.ts";
import { comparisonReport } from "../../../../src/reporters/compare/comparisonReport.ts";
import { drawFigures } from "../../../../src/reporters/compare/figures/figures.ts";
import { pairsText } from "../../../../src/reporters/compare/pairsText.ts";
import { known } from "../reports.ts";
import { compareReference } from "../../../compare/reference.ts";
import { compareRows, gib, misfit, row } from "../../../compare/rows.ts";

const four = ["m3-max-40c-64gb", "m3-max-40c-48gb", "rtx-4090-24gb", "2x-rtx-4090-24gb"];
const figuresOf = (comparison: Comparison) =>
  drawFigures(comparisonReport(comparison, [], [], known));

describe("rows of several machines", () => {
  it("have a place for each, in the same order in every group, with or without a value", async () => {
    const figures = await figuresOf(await compareReference(four));
    const rows = figures.filter(({ id }) => /^(speed|precision)/.test(id));
    expect(rows).toHaveLength(2);
    for (const { facts } of rows) {
      const labels = facts.map((text) => /, ([\w-]+): (?!llama)/.exec(text)?.[1]);
      expect(labels).toEqual(facts.map((_, at) => four[at % four.length]));
      expect(facts.filter((text) => text.includes(four[1] ?? ""))).toEqual(
        expect.arrayContaining([expect.stringContaining("not in its file")]),
      );
    }
  });

  it("have them on a terminal too", async () => {
    const text = pairsText(comparisonReport(await compareReference(four), [], [], known));
    const [, bars] = text.split("tg512, tokens per second");
    const labels = bars?.split("\n\n")[0]?.match(/^ {2}\S+/gm);
    expect(labels?.map((label) => label.trim())).toEqual([...four, ...four, ...four, ...four]);
  });

  it("draw nothing in a machine's colour where it has no value", async () => {
    const speed = (await figuresOf(await compareReference(four))).find(({ id }) => id === "speed");
    const marks = [
      ...(speed?.svg.matchAll(/opacity="([^"]+)"[^>]*><title>[^<]*not in its file/g) ?? []),
    ];
    expect(marks.length).toBeGreaterThan(0);
    expect(new Set(marks.map(([, opacity]) => opacity))).toEqual(new Set(["0"]));
  });

  it("are sorted by the models' sizes", async () => {
    const speed = (await figuresOf(await compareReference(four))).find(({ id }) => id === "speed");
    const groups = new Set(speed?.facts.map((text) => /: (llama-[^,]+),/.exec(text)?.[1]));
    expect([...groups]).toEqual([
      "llama-3-8b q4_k_m",
      "llama-3-8b f16",
      "llama-3-70b q4_k_m",
      "llama-3-70b f16",
    ]);
  });
});

describe("why a value is missing", () => {
  const big = { model: "big", weights_bytes: 38 * gib, kv_bytes: 0.6 * gib };
  const why = async (given: Parameters<typeof misfit>[0]) => {
    const pc = { machine: "pc", ...big, ...given };
    const { n_depth = 0 } = given ?? {};
    const figures = await figuresOf(compareRows([[misfit(pc)], [row({ ...big, n_depth })]]));
    const speed = figures.find(({ id }) => id === "speed");
    return speed?.facts[0]?.split("pc: ")[1];
  };

  it("names the context that the bytes are of", async () => {
    expect(await why({ n_ctx: 512 })).toBe("not on its GPU: 38.6 of 24.0 GiB at 512 tokens");
    expect(await why({ n_ctx: null, n_gen: 128, n_depth: 4096 })).toBe(
      "not on its GPU: 38.6 of 24.0 GiB at 4224 tokens",
    );
    expect(await why({ kv_bytes: null })).toBe(
      "not on its GPU: 38.0 of 24.0 GiB for the weights alone",
    );
  });

  it("speaks of no GPU where a machine has none", async () => {
    const cpu = { backend: "cpu", gpu_budget_bytes: null, ram_bytes: 15 * gib } as const;
    expect(await why({ ...cpu, n_ctx: 512 })).toBe("needs 38.6 of 15.0 GiB of RAM at 512 tokens");
    expect(await why({ ...cpu, ram_bytes: null })).toBe("does not fit");
  });
});
