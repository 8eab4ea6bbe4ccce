import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { reportFormats } from "../../src/reporters/registry.ts";
import type { ReportFormat } from "../../src/reporters/registry.ts";
import type { Reported } from "../../src/reporters/reporter.ts";
import { columnNames } from "../../src/results/columns/columns.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { lineOf, measured, runLine, unmeasured } from "../results/journals.ts";
import { reportText } from "./reportText.ts";
import { hostile, sweep } from "./sweeps.ts";

const { plan: _, ...run } = runLine;

function render(
  format: ReportFormat,
  cases: readonly JournalRow[],
  changes: Partial<Reported> = {},
): string {
  return reportText(format, cases, { runs: [run], ...changes });
}

function headings(...cases: JournalRow[]): string {
  return render("table", cases).split("\n")[0] ?? "";
}

describe("every format", () => {
  it.each(reportFormats)("%s is the same text each time, and ends with a line break", (format) => {
    const text = render(format, [...sweep, hostile]);
    expect(render(format, structuredClone([...sweep, hostile]))).toBe(text);
    expect(text.endsWith("\n")).toBe(true);
  });

  it.each(reportFormats)("%s takes a run without results", (format) => {
    expect(() => render(format, [], { runs: [] })).not.toThrow();
  });
});

describe("the table", () => {
  it("looks as llama-bench's", () => {
    expect(render("table", sweep.slice(0, 1)).split("\n").slice(0, 3)).toEqual([
      "| model           |     size | params | weights   | backend | ngl | threads |  test |           t/s |",
      "| :-------------- | -------: | -----: | :-------- | :------ | --: | ------: | ----: | ------------: |",
      "| llama-2-7b q4_0 | 3.56 GiB | 6.74 B | synthetic | metal   |  33 |      12 | pp512 | 758.94 ± 3.79 |",
    ]);
  });

  it("shows settings that differ, or that are other than llama-bench's defaults", () => {
    expect(headings(measured)).not.toMatch(/n_ubatch|fa|type_k|machine/);
    expect(headings({ ...measured, n_ubatch: 256 })).toContain("n_ubatch");
    expect(headings(measured, { ...measured, flash_attn: 0 })).toContain(" fa ");
    expect(headings(measured, { ...measured, machine: "rtx-4090-24gb" })).toContain("machine");
    expect(headings(measured, unmeasured({ flash_attn: null }))).not.toContain(" fa ");
  });

  it("has no column for GPU layers where no row has a GPU", () => {
    expect(render("table", [{ ...measured, backend: "cpu" }])).not.toContain(" ngl ");
  });

  it("says what stands in the way of a speed, and explains it below", () => {
    const text = render("table", sweep);
    expect(text).toMatch(/\| +does not fit \| 3 +\|/);
    expect(text).toContain(
      "[3] does not fit: needs 128.80 GiB, the budget is 48.00 GiB (predicted_oom)",
    );
    expect(text).toMatch(/\[1\] single_launch: .*; use --launches 2 or more/);
    expect(text.match(/single_launch/g)).toHaveLength(1);
  });

  it.each([
    ["predicted to fit", { fit: "full" }],
    ["predicted to fit", { fit: "partial", device_bytes_predicted: 20e9, gpu_budget_bytes: 24e9 }],
    ["as predicted", { fit: "partial", device_bytes_predicted: 38e9, gpu_budget_bytes: 24e9 }],
    ["as predicted", { fit: "none" }],
  ] as const)("tells what ran out of memory, %s, from what was not tried", (words, changes) => {
    const reason = "measured_oom: cudaMalloc failed";
    const text = render("table", [unmeasured({ status: "does_not_fit", reason, ...changes })]);
    expect(text).toMatch(/\| +does not fit \| 1 +\|/);
    expect(text).toContain(
      `[1] out of memory when tried, ${words}: cudaMalloc failed (measured_oom)\n`,
    );
  });

  it("gives one sample no ±", () => {
    const text = render("table", [{ ...measured, stddev_ts: null, warnings: [] }]);
    expect(text).toMatch(/\| +66\.31 \|\n/);
  });

  it("says what is missing and what was wrong with the file", () => {
    const text = render("table", [measured], { missing: 2, notes: ["the last line is torn"] });
    expect(text).toContain("2 planned cases have no result yet: llmbench run --resume goes on.");
    expect(text).toContain("the last line is torn");
  });

  it("keeps text that a terminal would obey, or that would break a row, out", () => {
    const lines = render("table", [hostile]).trimEnd().split("\n");
    expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(lines.filter((line) => line.startsWith("|"))).toHaveLength(3);
    expect(lines[2]?.split("|").length).toBe(lines[0]?.split("|").length);
  });
});

describe("formats for programs", () => {
  it("json and jsonl hold the journal's case objects", () => {
    const objects = sweep.map(lineOf);
    expect(JSON.parse(render("json", sweep))).toEqual(objects);
    const lines = render("jsonl", sweep).trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(objects);
  });

  it("csv has a row for each case under the contract's columns", () => {
    const rows = parse(render("csv", sweep), { columns: true }) as Record<string, string>[];
    expect(Object.keys(rows[0] ?? {})).toEqual([...columnNames]);
    expect(rows.map((row) => row["status"])).toEqual(sweep.map(({ status }) => status));
  });
});

describe("report.md", () => {
  it("tells the machine, the engine and the method", () => {
    const text = render("md", sweep);
    expect(text).toMatch(/^# llmbench: m3-max-40c-64gb\n/);
    for (const line of [
      "- Model: MacBook Pro (Mac15,9)",
      "- CPU: Apple M3 Max, 12 performance and 4 efficiency cores",
      "- GPU memory budget: 48.00 GiB",
      "- Engine: llama.cpp v0.4.0 abc1234",
      "- Package: node-llama-cpp 3.21.1",
      "- warmup: full",
    ])
      expect(text).toContain(`${line}\n`);
  });

  it("names no folder of the machine that ran", () => {
    expect(render("md", sweep)).not.toContain("/opt/llmbench");
  });

  it("gives the llama-bench command of each row", () => {
    const text = render("md", sweep);
    for (const { llama_bench: command } of sweep) expect(text).toContain(`\n${command}\n`);
  });

  it("says why rows have no speed, with the end of the child's log", () => {
    const text = render("md", sweep);
    expect(text).toContain(
      "- llama-2-70b f16, tg128: does not fit: needs 128.80 GiB, the budget is 48.00 GiB (predicted_oom)\n",
    );
    expect(text).toContain("crashed: the child ended by SIGABRT in repetition 2\n\n  ```text\n");
    expect(text).toContain("  GGML_ASSERT(ok) failed\n");
  });

  it("lets nothing from a file become markup", () => {
    const outsideFences = render("md", [hostile]).replaceAll(/^( *)(`{3,}).*?^\1\2$/gms, "");
    expect(outsideFences).not.toMatch(/<img|(?<!\\)\[a\]|(?<!\\)`|https?:\/\//);
    expect(outsideFences.match(/^# /gm)).toHaveLength(1);
    const table = outsideFences.split("\n").filter((line) => line.startsWith("|"));
    expect(table).toHaveLength(3);
  });

  it("keeps several machines apart", () => {
    const other = { ...measured, run_id: "other", machine: "rtx-4090-24gb" };
    const text = render("md", [measured, other]);
    expect(text).toMatch(/^# llmbench: m3-max-40c-64gb, rtx-4090-24gb\n/);
    expect(text).toContain("### rtx-4090-24gb\n");
  });
});
