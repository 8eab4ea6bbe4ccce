/** Files that version 0.1.0 wrote, before results had more than 87 columns. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { columnNames } from "../../src/results/columns/columns.ts";
import { firstEdition } from "../../src/results/columns/firstEdition.ts";
import { readCsv } from "../../src/results/readCsv.ts";
import { readResults } from "../../src/results/readResults.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { resultPieces } from "../../src/results/writeCsv.ts";
import { firstEditionBundle, unpacked } from "../reporters/bundle/bundles.ts";
import { freshFolder } from "./folders.ts";

const files = unpacked(firstEditionBundle);
const text = (name: string): string => Buffer.from(files[name] ?? []).toString("utf8");

interface Line {
  readonly type: string;
  readonly case_id: string;
}

const caseLines = text("results.jsonl")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line) as Line)
  .filter(({ type }) => type === "case");

it("today's columns begin with the first edition's 87, in their order", () => {
  expect(firstEdition).toHaveLength(87);
  expect(columnNames.slice(0, firstEdition.length)).toEqual([...firstEdition]);
});

describe("a file of the first edition", () => {
  it("that is a CSV reads back with every cell", () => {
    const csv = text("results.csv");
    expect(csv.split("\r\n")[0]).toBe(firstEdition.join(","));
    expect([...resultPieces(readCsv(csv, "results.csv"), firstEdition)].join("")).toBe(csv);
  });

  it("that is a journal reads back with every value of its cases, launches and buffers too", async () => {
    const path = join(freshFolder(), "results.jsonl");
    writeFileSync(path, text("results.jsonl"));
    const { cases, missing, run } = await readResults(path, "whole");
    expect(run?.llmbench_version).toBe("0.1.0");
    expect(missing).toBe(1);
    expect(cases.map(({ id }) => id)).toEqual(caseLines.map((line) => line.case_id));
    for (const [at, { type: _, ...line }] of caseLines.entries()) {
      const record = cases[at];
      if (record === undefined) throw new Error("a case is missing");
      const row: Record<string, unknown> = { ...rowOf(record) };
      const read = Object.fromEntries(Object.keys(line).map((key) => [key, row[key]]));
      expect(read).toEqual(line);
    }
  });
});
