import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { llmbench } from "../cli/llmbench.ts";
import { sweep } from "../reporters/sweeps.ts";
import { journalText } from "../results/journals.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench report "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const journal = join(folder, "results.jsonl");
writeFileSync(journal, journalText(sweep));

const torn = /^llmbench: results\.jsonl: the last line \(\d+\) is torn and is left out\n$/u;

describe("the report of a journal whose last line is torn", () => {
  it("says so on the terminal, beside files and what is printed", () => {
    expect(llmbench(["report", folder]).stderr).toBe("");
    appendFileSync(journal, '{"type":"case","case_id":');
    for (const flags of [[], ["-o", "csv"], ["-o", "jsonl"]])
      expect(llmbench(["report", folder, ...flags])).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(torn) as string,
      });
  });

  it("says it once where a table tells it", () => {
    const { stdout, stderr } = llmbench(["report", folder, "-o", "table"]);
    expect(stdout).toContain("is torn and is left out");
    expect(stderr).toBe("");
  });
});

it.each([
  [
    "a model",
    "GGUF and more",
    /weights\.x: is a model's weights \(GGUF\) and holds no results; .*--model/u,
  ],
  [
    "a bundle",
    "PK\u0003\u0004",
    /weights\.x: is an archive \(zip\) and holds no results; .*verify/u,
  ],
  [
    "a page",
    "<!doctype html>",
    /weights\.x: is a page \(HTML\) and holds no results; .*results\.csv/u,
  ],
])("the report of %s says what it is", (_, text, said) => {
  const other = join(folder, "weights.x");
  writeFileSync(other, text);
  const { status, stderr } = llmbench(["report", other]);
  expect(status).toBe(2);
  expect(stderr).toMatch(said);
});

describe("--token-times", () => {
  it("is a column of the table, and of nothing else", () => {
    const { stdout } = llmbench(["report", folder, "-o", "table", "--token-times"]);
    expect(stdout).toContain("No case has token times");
    for (const flags of [[], ["-o", "csv"]])
      expect(llmbench(["report", folder, ...flags, "--token-times"])).toMatchObject({
        status: 2,
        stderr: expect.stringContaining("give -o table beside it") as string,
      });
  });
});
