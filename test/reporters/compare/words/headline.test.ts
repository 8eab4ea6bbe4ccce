import { describe, expect, it } from "vitest";
import { headlineOf } from "../../../../src/compare/headline/headline.ts";
import type { Comparison } from "../../../../src/compare/comparison.ts";
import { headlineSentences } from "../../../../src/reporters/compare/words/headline.ts";
import { compareReference } from "../../../compare/reference.ts";
import { compareRows, mac, row } from "../../../compare/rows.ts";

const said = (comparison: Comparison) => headlineSentences(headlineOf(comparison, () => null));

describe("what both hold", () => {
  it("is told apart by writing and reading where neither is surely faster", () => {
    const both = [row(), row({ test: "pp512", metric: "pp_ts" })];
    const rerun = both.map((record) => ({ ...record, machine: { ...record.machine, name: "x" } }));
    const [first] = said(compareRows([both, rerun]));
    expect(first).toBe(
      "llama-2-7b q4_0, which both hold: neither surely writes faster (1 test); neither surely reads faster (1 test).",
    );
  });
});

describe("the claim in the answer", () => {
  it("is not made where no case stands in both files", () => {
    expect(said(compareRows([[row({ ...mac, model: "x" })], [row({ model: "y" })]]))).toEqual([]);
  });

  it("is not tested by models that are small for both machines", async () => {
    const lines = said(await compareReference(["m2-ultra-76c-192gb", "m3-max-40c-64gb"]));
    expect(lines).toContain(
      '"m2-ultra-76c-192gb wins for big-model inference": not tested, because no model here is large for either.',
    );
  });

  it("is not tested where writing was measured of no model that both hold", () => {
    const reading = { n_prompt: 512, n_gen: 0, test: "pp512", metric: "pp_ts" } as const;
    const lines = said(compareRows([[row({ ...mac, ...reading })], [row(reading)]]));
    expect(lines.join("\n")).toContain("and none was measured writing on both.");
  });
});
