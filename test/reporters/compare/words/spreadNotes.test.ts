import { describe, expect, it } from "vitest";
import type { CaseRecord } from "../../../../src/bench/record.ts";
import { spreadNotes } from "../../../../src/reporters/compare/words/spreadNotes.ts";
import { compareRows, row, type Columns } from "../../../compare/rows.ts";

const mac = { machine: "mac", backend: "metal" } as const;

/** Mean and sd of one launch, as published figures have them. */
const published = (speed: number, given: Columns = {}) =>
  row({ samples_ts: [], avg_ts: speed, stddev_ts: speed / 500, repetitions: 5, ...given });

const notes = (a: readonly CaseRecord[], b: readonly CaseRecord[]) =>
  spreadNotes(compareRows([a, b]).pairs);

describe("a table of pairs", () => {
  it("is told of repetitions that were assumed", () => {
    const unknown = [published(100, { repetitions: null }), published(50, { test: "tg512" })];
    expect(notes(unknown, [published(200, mac), published(90, { ...mac, test: "tg512" })])).toEqual(
      ["Repetitions unknown in 1 of 2 pairs: 5 assumed, llama-bench's default."],
    );
  });

  it("is told how many repetitions would settle what is open, of pairs that any number would", () => {
    const tests = ["tg128", "tg256", "tg512"];
    const a = tests.map((test) => published(100, { test }));
    // 4% apart can be settled, 3% is the boundary itself.
    const b = [104, 103, 200].map((speed, i) => published(speed, { ...mac, test: `${tests[i]}` }));
    const [note, ...more] = notes(a, b);
    expect(note).toMatch(
      /^About \d+ repetitions of each, in \d+ launches, would settle 1 of 2 pairs that can't be told apart\.$/,
    );
    expect(more).toEqual([]);
  });

  it("is told nothing where builds are in doubt: no repetition settles that", () => {
    const other = published(104, { ...mac, engine_version: "b1000" });
    expect(notes([published(100)], [other])).toEqual([]);
  });
});
