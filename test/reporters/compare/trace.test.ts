import { describe, expect, it } from "vitest";
import { tracesOf } from "../../../src/reporters/compare/trace.ts";
import { compareRows, row } from "../../compare/rows.ts";

const given = { case_id: "1" };
const others = ["b", "c", "d"].map((machine) => [row({ ...given, machine })]);

describe("where numbers come from", () => {
  it("is told once a model: each row, and one command for all that run the same", () => {
    const [trace, ...more] = tracesOf(
      compareRows([[row({ ...given, machine: "a" })], ...others]).pairs,
    );
    expect(more).toEqual([]);
    expect(trace?.heading).toBe("llama-2-7b q4_0");
    expect(trace?.verdicts.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(trace?.verdicts[1]?.basis).toMatch(/^tg128, a and c: Welch on logs/);
    expect(trace?.origins).toEqual(
      ["a", "b", "c", "d"].map((machine, at) => `${machine}: case 1 of ${at}.csv`),
    );
    expect(trace?.commands).toEqual([
      { text: expect.stringMatching(/^llmbench run .* -p 0 -n 128\b/), machines: [] },
    ]);
    expect(trace?.llamaBench).toHaveLength(1);
  });

  it("takes one command for tests that differ in lengths and depths alone", () => {
    const tests = ["pp512", "tg128", "pp512 @ d4096", "tg128 @ d4096"];
    const rowsOf = (machine: string) => tests.map((test) => row({ ...given, machine, test }));
    const [trace] = tracesOf(compareRows([rowsOf("a"), rowsOf("b")]).pairs);
    expect(trace?.commands).toHaveLength(1);
    expect(trace?.commands[0]?.text).toMatch(/-p 512 -n 128 -d 0,4096\b/);
  });

  it("names the machines of a command that isn't everyone's", () => {
    const slow = [row({ ...given, machine: "a", flash_attn: 0 })];
    const [trace] = tracesOf(compareRows([slow, ...others]).pairs);
    expect(trace?.commands.map(({ machines }) => machines)).toEqual([["a"], ["b", "c", "d"]]);
  });
});
