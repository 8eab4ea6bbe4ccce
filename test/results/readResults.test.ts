import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../src/results/writeCsv.ts";
import { readResults } from "../../src/results/readResults.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { freshFolder } from "./folders.ts";
import { journalText, measured, planned, runLine, unmeasured } from "./journals.ts";
import { caseOf } from "./rows.ts";

const cases = [
  measured,
  unmeasured({ case_id: "b", status: "failed", reason: "crashed: SIGABRT" }),
];
const caseIds = cases.map(({ case_id: id }) => id);
const caseLines = cases.map((result) => JSON.stringify({ type: "case", ...result }));

function file(name: string, text: string): string {
  const path = join(freshFolder(), name);
  writeFileSync(path, text);
  return path;
}

describe("results of ours are read", () => {
  const files = [
    ["a journal", "results.jsonl", journalText(cases)],
    ["a journal of another name", "mine.log", journalText(cases)],
    ["what -o jsonl prints", "out.jsonl", `${caseLines.join("\n")}\n`],
    ["what -o json prints", "out.json", `[${caseLines.join(",")}]`],
    ["a CSV", "RESULTS.CSV", toCsv(cases.map(caseOf))],
    ["a CSV of another name", "results.txt", toCsv(cases.map(caseOf))],
  ] as const;

  it.each(files)("from %s", async (_, name, text) => {
    const results = await readResults(file(name, text));
    expect(results.cases.map(({ id }) => id)).toEqual(caseIds);
    expect(results.cases[0]).toMatchObject({
      summary: { values: [66, 66.31, 66.62] },
      machine: { name: measured.machine },
    });
  });

  it("from a run's folder, with the run and the number of cases that are missing", async () => {
    const plan = [...caseIds, "c", "d"].map(planned);
    const path = file("results.jsonl", "");
    writeFileSync(path, [JSON.stringify({ ...runLine, plan }), ...caseLines, ""].join("\n"));
    const results = await readResults(join(path, ".."));
    expect(results.run?.run_id).toBe(runLine.run_id);
    expect(results.missing).toBe(2);
    expect(results.path).toBe(path);
  });

  it.each([2, 40, 400])(
    "from a CSV that lacks its last %i characters, the torn row left out and told",
    async (lacking) => {
      const text = toCsv(
        [...cases, unmeasured({ case_id: "c", reason: "crashed:\nSIGABRT" })].map(caseOf),
      );
      const results = await readResults(file("cut.csv", text.slice(0, -lacking)));
      expect(results.cases.map(({ id }) => id)).toEqual(
        lacking === 2 ? [...caseIds, "c"] : caseIds,
      );
      expect(results.notes).toEqual(
        lacking === 2 ? [] : ["cut.csv: the last row is torn and is left out"],
      );
    },
  );

  it("with the raw samples where they are asked for", async () => {
    const path = file("results.jsonl", journalText(cases));
    expect((await readResults(path, "whole")).cases.map(rowOf)).toEqual(cases);
    expect((await readResults(path)).cases[0]).toMatchObject({ launches: [{ kind: "told" }] });
  });
});

describe("what isn't ours is refused", () => {
  const files = [
    ["an empty file", "results.jsonl", "", /holds no results/],
    ["a run's folder without a journal", "other.txt", "", /no such file.*name the files in/],
    ["broken JSON", "out.json", "[{", /out\.json: not JSON$/],
    [
      "JSON of something else",
      "out.json",
      '[{"a":1}]',
      /out\.json: 0\.schema_version: expected a number, got nothing/,
    ],
    [
      "a CSV behind another table",
      "out.md",
      `| model | t/s |\n| --- | --- |\n\n${toCsv(cases.map(caseOf))}`,
      /out\.md: a results\.csv of llmbench begins at line 4, with other text before it; give each as a file of its own/,
    ],
    ["a CSV of something else", "out.csv", "a,b\n1,2\n", /no column schema_version/],
  ] as const;

  it.each(files)("%s", async (_, name, text, message) => {
    const path = file(name, text);
    await expect(readResults(name === "other.txt" ? join(path, "..") : path)).rejects.toThrow(
      message,
    );
  });
});
