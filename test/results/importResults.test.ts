import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../src/results/writeCsv.ts";
import { importResults } from "../../src/results/importResults.ts";
import { encoded, encodingNames } from "./encodings.ts";
import { freshFolder } from "./folders.ts";
import { measured } from "./journals.ts";
import { caseOf } from "./rows.ts";

const bench = (format: string) =>
  fileURLToPath(new URL(`llamaBench/toy.${format}`, import.meta.url));
const line = JSON.stringify({ type: "case", ...measured });

const own = [
  ["results.csv", toCsv([caseOf(measured)])],
  ["results.jsonl", `${line}\n`],
  ["results.json", `[${line}]\n`],
] as const;

describe("results to compare", () => {
  it.each(["csv", "json", "jsonl", "md"])("are llama-bench's %s", async (format) => {
    const { cases } = await importResults(bench(format), []);
    expect(cases).toHaveLength(6);
  });

  it.each(own)("are a %s of ours", async (name, text) => {
    const path = join(freshFolder(), name);
    writeFileSync(path, text);
    const { cases } = await importResults(path, []);
    expect(cases).toMatchObject([
      { machine: { name: measured.machine }, summary: { mean: measured.avg_ts } },
    ]);
  });

  describe.each(encodingNames)("are read in %s", (name) => {
    it.each(own)("of a %s of ours", async (file, text) => {
      const path = join(freshFolder(), file);
      writeFileSync(path, encoded(text, name));
      expect((await importResults(path, [])).cases).toMatchObject([
        { summary: { mean: measured.avg_ts } },
      ]);
    });

    it.each(["csv", "json", "jsonl", "md"])("of llama-bench's %s, all of them", async (format) => {
      const path = join(freshFolder(), `toy.${format}`);
      writeFileSync(path, encoded(readFileSync(bench(format), "utf8"), name));
      const { cases, notes } = await importResults(bench(format), []);
      expect(await importResults(path, [])).toMatchObject({ cases, notes });
    });
  });

  it("are a run's folder", async () => {
    const folder = join(freshFolder(), "run");
    mkdirSync(folder);
    writeFileSync(join(folder, "results.jsonl"), `${line}\n`);
    expect((await importResults(folder, [])).cases).toHaveLength(1);
  });

  it("of llama-bench without hardware in them are named after the file", async () => {
    const [record] = (await importResults(bench("md"), [])).cases;
    expect(record?.machine.name).toBe("toy");
  });

  it("are refused where a row was measured and has no speed", async () => {
    const path = join(freshFolder(), "results.csv");
    const text = toCsv([caseOf(measured), caseOf({ ...measured, avg_ts: 12.5, case_id: "b" })]);
    writeFileSync(path, text.replace(",12.5,", ",,"));
    await expect(importResults(path, [])).rejects.toThrow(
      /results\.csv: row 2: avg_ts: expected a speed where status is measured, got nothing/,
    );
  });

  it.each([
    ["nothing.txt", "no results here\n", /holds no results; expected a run's folder/],
    ["empty.csv", "", /holds no results/],
  ])("are not in %s", async (name, text, message) => {
    const path = join(freshFolder(), name);
    writeFileSync(path, text);
    await expect(importResults(path, [])).rejects.toThrow(message);
  });

  it("are not where nothing is", async () => {
    await expect(importResults(join(freshFolder(), "x.csv"), [])).rejects.toThrow(/no such file/);
  });
});
