import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testName } from "../../../src/bench/workload.ts";
import { importResults } from "../../../src/results/importResults.ts";
import { llmbench } from "../../cli/llmbench.ts";
import { hasLlamaBench, librariesOfCpu, llamaBench } from "./builtLlamaBench.ts";
import { formats } from "./printers.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench printed "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const model = join(folder, "it's a model.gguf");
const tests = ["pp16", "tg4", "pp8+tg2", "pp16 @ d8", "tg4 @ d8", "pp8+tg2 @ d8"];
const flags = "-p 16 -n 4 -pg 8,2 -d 0,8 -r 2 -t 1 -v".split(" ");

/** @returns what it prints, standard error behind standard output */
function printed(...output: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(llamaBench, ["-m", model, ...flags, ...output], {
    cwd: librariesOfCpu,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout + stderr;
}

async function read(text: string, name: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return importResults(path, []);
}

describe.runIf(hasLlamaBench)("one file, as llama-bench measures it", () => {
  const texts = new Map<string, string>();

  beforeAll(() => {
    const made = llmbench(["synth", "--model", "toy-4m", "--quant", "q4_0", "-o", model]);
    if (made.status !== 0) throw new Error(made.stderr);
    for (const format of formats) texts.set(format, printed("-o", format));
  }, 120_000);

  it.each(formats)("is read from %s, with all its log", async (format) => {
    const { cases, foreign } = await read(texts.get(format) ?? "", `printed.${format}`);
    expect(cases.map(({ workload }) => testName(workload))).toEqual(tests);
    expect(foreign).toMatchObject({ read: 6, leftOut: [], tools: ["llama-bench"] });
    for (const one of cases)
      expect(one).toMatchObject({
        model: { quantization: "q4_0" },
        engine: { backend: "cpu", commit: expect.stringMatching(/^[\da-f]{7,}$/) as string },
      });
  });

  it("is read from all five in one file", async () => {
    const { foreign } = await read([...texts.values()].join(""), "all.txt");
    expect(foreign).toMatchObject({ read: 30, leftOut: [] });
  });

  it("is measured once where JSON and a table of one run stand in one file", async () => {
    const { foreign } = await read(printed("-o", "json", "-oe", "md"), "both.txt");
    expect(foreign?.read).toBe(6);
    expect(foreign?.leftOut).toHaveLength(6);
  });
});
