import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

describe("the report of llama-bench's output", () => {
  const table = `| model         |     size | params | backend | ngl |  test |           t/s |
| ------------- | -------: | -----: | ------- | --: | ----: | ------------: |
| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA    |  99 | tg128 | 186.00 ± 0.10 |
| llama 7B Q4_0 | 3.56 GiB | 6.74 B | CUDA    |  99 | pp512 |           OOM |
`;
  const note =
    'llmbench: bench.md: 1 of 2 rows of llama-bench read; left out: line 4 (t/s: expected a speed, got "OOM")\n';
  const saved = () => {
    const own = mkdtempSync(join(folder, "theirs "));
    const path = join(own, "bench.md");
    writeFileSync(path, table);
    return { own, path };
  };

  it("is printed in any format, with the rows that are left out", () => {
    const { path } = saved();
    const csv = llmbench(["report", path, "-o", "csv"]);
    expect(csv).toMatchObject({ status: 0, stderr: note });
    expect(csv.stdout).toContain("llama-2-7b");
    const { stdout, status } = llmbench(["report", path, "-o", "table"]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/llama-2-7b.*tg128.*186/u);
    expect(stdout).toContain("left out: line 4");
  });

  it("is written beside it, unless something stands there", () => {
    const { own, path } = saved();
    const files = ["results.csv", "report.md", "report.html"].map((name) => join(own, name));
    const { status, stdout, stderr } = llmbench(["report", path]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: note });
    expect(stdout.trim().split("\n")).toEqual(files);
    expect(llmbench(["report", path])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(
        "results.csv: stands there already; choose another folder with --output-dir, or print with -o",
      ) as string,
    });
    const other = join(own, "other");
    expect(llmbench(["report", path, "--output-dir", other]).status).toBe(0);
  });

  it("never replaces the file that it is of", () => {
    const own = mkdtempSync(join(folder, "theirs "));
    const path = join(own, "results.csv");
    const text = "model_type,n_prompt,n_gen,avg_ts\nllama 7B Q4_0,0,128,186\n";
    writeFileSync(path, text);
    expect(llmbench(["report", path]).status).toBe(2);
    expect(readFileSync(path, "utf8")).toBe(text);
  });
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
