import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { toCsv } from "../../src/results/writeCsv.ts";
import { importResults } from "../../src/results/importResults.ts";
import { cliFile } from "../cli/llmbench.ts";
import { encoded, encodingNames } from "./encodings.ts";
import { freshFolder } from "./folders.ts";
import { measured } from "./journals.ts";
import { caseOf } from "./rows.ts";

const bench = (format: string) =>
  fileURLToPath(new URL(`llamaBench/toy.${format}`, import.meta.url));
const line = JSON.stringify({ type: "case", ...measured });

const parseCsv = (text: string) => parse(text);
const headerOf = (text: string) => parseCsv(text)[0] ?? [];

const own = [
  ["results.csv", toCsv([caseOf(measured)])],
  ["results.jsonl", `${line}\n`],
  ["results.json", `[${line}]\n`],
] as const;

const csv = (change: (cells: readonly string[]) => readonly string[], mark = ",") =>
  parseCsv(own[0][1])
    .map((row) => change(row).join(mark))
    .join("\n");
const without =
  (...names: readonly string[]) =>
  (row: readonly string[]) =>
    row.filter((_, at) => !names.includes(headerOf(own[0][1])[at] ?? ""));

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

  describe("of ours that lack something are refused with what it is", () => {
    const { case_id: _, ...idless } = JSON.parse(line) as Record<string, unknown>;

    it.each<readonly [string, string, RegExp]>([
      ["results.csv", csv(without("case_id")), /without its column case_id; give the whole file/u],
      ["sheet.txt", csv(without("case_id")), /without its column case_id; give the whole file/u],
      ["two.csv", csv(without("case_id", "status")), /without its columns case_id, status; give/u],
      ["sheet.csv", csv(without("case_id"), ";"), /set apart by semicolons/u],
      [
        "rows.json",
        JSON.stringify([idless]),
        /rows\.json: 0\.case_id: expected text, got nothing/u,
      ],
      [
        "rows.json",
        JSON.stringify([idless], null, 2),
        /rows\.json: 0\.case_id: expected text, got nothing/u,
      ],
      ["results.jsonl", `${JSON.stringify(idless)}\n`, /results\.jsonl:1: .*case_id/u],
    ])("%s", async (name, text, message) => {
      const path = join(freshFolder(), name);
      writeFileSync(path, text);
      await expect(importResults(path, [])).rejects.toThrow(message);
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

// Windows has no such links without a right of its own, and no such pipes.
describe.skipIf(process.platform === "win32")("what can't be read says why", () => {
  it("of links that lead in a circle", async () => {
    const folder = freshFolder();
    symlinkSync("b", join(folder, "a"));
    symlinkSync("a", join(folder, "b"));
    await expect(importResults(join(folder, "a"), [])).rejects.toThrow("in a circle");
  });

  it("of a pipe that another program's results come through", () => {
    const { status, stderr } = spawnSync(
      "sh",
      [
        "-c",
        'cat "$1" | "$2" "$3" report /dev/stdin',
        "sh",
        bench("md"),
        process.execPath,
        cliFile,
      ],
      { encoding: "utf8" },
    );
    expect(status).toBe(2);
    expect(stderr).toContain("save any other to a file");
  });
});
