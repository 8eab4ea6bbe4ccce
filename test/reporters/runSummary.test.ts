import { describe, expect, it } from "vitest";
import { runSummary } from "../../src/reporters/runSummary.ts";
import { runLine } from "../results/journals.ts";
import { caseOf } from "../results/rows.ts";
import { reportText } from "./reportText.ts";
import { sweep } from "./sweeps.ts";

const { plan: _, ...run } = runLine;
const cases = sweep.map(caseOf);
const summary = runSummary({ runs: [run], cases, missing: 0, notes: [] });

describe("a run in a few words", () => {
  it("says when it was, and on what, in words", () => {
    expect(summary.date).toMatch(/^\d+ November 2026/);
    expect(summary.machines).toEqual([
      expect.stringMatching(/^Apple M3 Max, 40 GPU cores, .*64\.00 GiB of RAM.*, macOS 26\.1/),
    ]);
  });

  it("has the speeds of the largest model that was measured, writing before reading", () => {
    expect(summary.numbers.length).toBeGreaterThan(0);
    for (const { value, text } of summary.numbers) {
      expect(value).toMatch(/^\d+\.\d\d ± \d+\.\d\d t\/s$/);
      expect(text).toMatch(/^(writes|reads) llama-2-7b /);
    }
    expect(summary.numbers[0]?.text).toMatch(/^writes/);
  });

  it("predicts Llama 2 in three sizes from nothing but the journal", () => {
    expect(summary.outlook).toMatch(
      /^Predicted from these results, Llama 2 at Q4_0 \(tg\): 7B about/,
    );
    expect(summary.outlook).toMatch(/13B about .*, 70B /);
  });

  it("predicts nothing without a run's machine, and says no date where no file does", () => {
    const undated = cases.map((record) => Object.assign({}, record, { testTime: null }));
    const bare = runSummary({ runs: [], cases: undated, missing: 0, notes: [] });
    expect(bare).toMatchObject({ date: null, outlook: null });
  });

  it("stands once in each document, before all else", () => {
    for (const format of ["md", "html"] as const) {
      const text = reportText(format, sweep, { runs: [run] });
      const outlook = text.split("Predicted from these results");
      expect(outlook).toHaveLength(2);
      expect(outlook[0]).not.toContain("## Results");
      expect(text.split("sample standard deviation")).toHaveLength(2);
      expect(text).toContain("llmbench run --model llama-2-7b");
    }
  });
});
