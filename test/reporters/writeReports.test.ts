import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { renderReport, writeReports } from "../../src/reporters/writeReports.ts";
import type { ReportFormat } from "../../src/reporters/registry.ts";
import { toCsv } from "../../src/results/writeCsv.ts";
import { freshFolder } from "../results/folders.ts";
import { journalText } from "../results/journals.ts";
import { caseOf } from "../results/rows.ts";
import { sweep } from "./sweeps.ts";

const made = ["report.html", "report.md", "results.csv"];

function runFolder(): string {
  const folder = freshFolder();
  writeFileSync(join(folder, "results.jsonl"), journalText(sweep));
  return folder;
}

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(made.map((name) => [name, readFileSync(join(folder, name), "utf8")]));
}

describe("the reports of a run's folder", () => {
  it("stand beside the journal, which stays as it was", async () => {
    const folder = runFolder();
    const paths = await writeReports(folder);
    expect(paths.toSorted()).toEqual(made.map((name) => join(folder, name)));
    expect(readdirSync(folder).toSorted()).toEqual([...made, "results.jsonl"]);
    expect(readFileSync(join(folder, "results.jsonl"), "utf8")).toBe(journalText(sweep));
    expect(contents(folder)["results.csv"]).toBe(toCsv(sweep.map(caseOf)));
  });

  it("have the same bytes again", async () => {
    const folder = runFolder();
    await writeReports(folder);
    const first = contents(folder);
    await writeReports(folder);
    expect(contents(folder)).toEqual(first);
  });

  it("go to another folder, which is made, where one is named", async () => {
    const folder = runFolder();
    const elsewhere = join(freshFolder(), "new", "folder");
    await writeReports(folder, elsewhere);
    expect(readdirSync(elsewhere).toSorted()).toEqual(made);
    expect(existsSync(join(folder, "report.md"))).toBe(false);
  });

  it("are refused in words where the folder can't be made", async () => {
    const file = join(freshFolder(), "file");
    writeFileSync(file, "");
    await expect(writeReports(runFolder(), join(file, "below"))).rejects.toMatchObject({
      code: "output",
    });
  });
});

describe("the reports of a file", () => {
  it("are made of a CSV or of what -o jsonl prints, with the same rows", async () => {
    const source = runFolder();
    await writeReports(source);
    const folder = freshFolder();
    writeFileSync(join(folder, "mac.csv"), contents(source)["results.csv"] ?? "");
    writeFileSync(join(folder, "mac.jsonl"), await renderReport("jsonl", [source]));
    for (const name of ["mac.csv", "mac.jsonl"]) {
      const out = join(folder, `${name} out`);
      mkdirSync(out);
      await writeReports(join(folder, name), out);
      expect(contents(out)["results.csv"]).toBe(contents(source)["results.csv"]);
    }
  });
});

describe("a report that is printed", () => {
  const formats: [ReportFormat, RegExp][] = [
    ["table", /^\| model .*\| {2}test \|/],
    ["csv", /^schema_version,run_id,/],
    ["json", /^\[\n\{"type":"case",.*"samples_ns":\[\d/],
    ["jsonl", /^\{"type":"case",.*"launch_results":\[\{/],
    ["md", /^# llmbench: /],
    ["html", /^<!doctype html>/],
  ];

  it.each(formats)("as %s", async (format, beginning) => {
    expect(await renderReport(format, [runFolder()])).toMatch(beginning);
  });

  it("holds the rows of all files that are named", async () => {
    const text = await renderReport("csv", [runFolder(), runFolder()]);
    expect(text.trimEnd().split("\r\n")).toHaveLength(1 + 2 * sweep.length);
  });

  it("is refused where a file is nobody's", async () => {
    const path = join(freshFolder(), "notes.txt");
    writeFileSync(path, "notes\n");
    await expect(renderReport("table", [path])).rejects.toThrow(/notes\.txt: holds no results/);
  });
});
