import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toCsv } from "../../src/results/writeCsv.ts";
import { measured } from "../results/journals.ts";
import { caseOf } from "../results/rows.ts";
import { hasTerminal, onTerminal } from "./onTerminal.ts";

const widths = [60, 80, 120];
const two = ["m3-max-40c-64gb", "rtx-4090-24gb"];
const five = [...two, "2x-rtx-4090-24gb", "m2-ultra-76c-192gb", "rtx-3090-24gb"];
const machines = two.flatMap((id) => ["--machine", id]);

const folder = mkdtempSync(join(tmpdir(), "llmbench-widths-"));
const results = join(folder, "results.csv");
const warnings = ["other_load: 3.2 CPUs", "drift: -4%"];

beforeAll(() => {
  const row = { ...measured, warnings };
  writeFileSync(results, toCsv([caseOf(row), caseOf({ ...row, quantization: "q8_0" })]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const commands: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["compare of two", ["compare", ...two]],
  ["compare of five", ["compare", ...five]],
  ["compare --verbose", ["compare", ...two, "--verbose"]],
  ["fit", ["fit", "-m", "70b,8b", "-q", "q4_k_m", ...machines]],
  ["fit --min-tg", ["fit", "-m", "70b", "-q", "q4_k_m", "--min-tg", "7", ...machines]],
  ["machines", ["machines"]],
  ["models", ["models"]],
  ["one model", ["models", "70b"]],
  ["suites", ["suites"]],
  ["devices", ["devices"]],
  ["the plan", ["--suite", "headline", "--dry-run"]],
  ["a report's table", ["report", results, "-o", "table"]],
  ["help", ["help"]],
  ["run's help", ["run", "--help"]],
  ["an error", ["--suite", "headlin"]],
  ["a question", ["compare", "M3 Max", "rtx4090"]],
];

describe.skipIf(!hasTerminal)("on a terminal", () => {
  it.each(commands)("%s has no line that is wider", (_, args) => {
    for (const width of widths) {
      const { lines } = onTerminal(args, width);
      expect(lines.filter((line) => line.length > width)).toEqual([]);
    }
  });

  it.each([40, ...widths])(
    "the answer of two machines takes 40 lines of %i columns at most",
    (width) => {
      const { lines, status } = onTerminal(["compare", ...two], width);
      expect(lines.length).toBeLessThanOrEqual(40);
      expect(lines.join(" ").replaceAll(/\s+/gu, " ")).toContain("wins for big-model inference");
      expect(status).toBe(0);
    },
  );

  it("no table is Markdown", () => {
    for (const args of [
      ["report", results, "-o", "table"],
      ["compare", ...two, "--verbose"],
    ])
      expect(onTerminal(args, 120).lines.filter((line) => line.startsWith("|"))).toEqual([]);
  });

  it("the answer stands out, unless NO_COLOR is set", () => {
    expect(onTerminal(["compare", ...two], 80).raw).toContain("\u001B[1m");
    expect(onTerminal(["compare", ...two], 80, { NO_COLOR: "1" }).raw).not.toContain("\u001B[1m");
  });
});
