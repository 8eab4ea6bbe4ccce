import { describe, expect, it } from "vitest";
import { tracesOf } from "../../../src/reporters/compare/trace.ts";
import { compareRows, row } from "../../compare/rows.ts";

const given = { case_id: "1" };
const others = ["b", "c", "d"].map((machine) => [row({ ...given, machine })]);

describe("where numbers come from", () => {
  it("is told once a test: each row, and each line that measures it", () => {
    const [trace, ...more] = tracesOf(
      compareRows([[row({ ...given, machine: "a" })], ...others]).pairs,
    );
    expect(more).toEqual([]);
    expect(trace?.heading).toBe("llama-2-7b q4_0, tg128");
    expect(trace?.verdicts.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(trace?.verdicts[1]?.basis).toMatch(/^a and c: Welch on logs/);
    expect(trace?.lines.filter((line) => line.startsWith("# "))).toEqual(
      ["a", "b", "c", "d"].map((machine, at) => `# ${machine}: case 1 of ${at}.csv`),
    );
    expect(trace?.lines.filter((line) => line.startsWith("llmbench"))).toHaveLength(1);
    expect(trace?.lines.filter((line) => line.startsWith("llama-bench"))).toHaveLength(1);
  });

  it("names the machines of a line that isn't everyone's", () => {
    const slow = [row({ ...given, machine: "a", flash_attn: 0 })];
    const [trace] = tracesOf(compareRows([slow, ...others]).pairs);
    const lines = trace?.lines.filter((line) => line.startsWith("llmbench"));
    expect(lines?.map((line) => line.split("  # ")[1])).toEqual(["a", "b, c, d"]);
  });
});
