import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { autoLaunches } from "../../src/bench/repetitions.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { benchHere } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-launches-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const given = {
  models: ["toy-4m"],
  quantizations: ["q4_0"],
  nPrompt: [16],
  nGen: [4],
  repetitions: "auto",
  launches: "auto",
  device: "cpu",
} satisfies GivenFlags;

it("a case is launched until its interval is as narrow as asked, and one that takes more doesn't keep the others", async () => {
  const directory = join(folder, "wide");
  const { results } = await benchHere({ ...given, precision: 1, outputDir: directory });
  for (const row of results.map(rowOf)) {
    expect(row).toMatchObject({ status: "measured", launches: autoLaunches.least });
    expect(row.warnings).not.toContain("single_launch");
  }
  const lines = readFileSync(join(directory, "results.jsonl"), "utf8").trim().split("\n");
  const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
  expect(types).toEqual(["run", ...Array<string>(4).fill("launch"), "case", "case"]);
});

it("a run that was stopped between launches goes on with as many as are still needed", async () => {
  const directory = join(folder, "stopped");
  const stop = new AbortController();
  const first = await benchHere(
    { ...given, precision: 1, outputDir: directory },
    {
      signal: stop.signal,
      onEvent(event) {
        if (event.type === "loading" && event.launch === 3) stop.abort();
      },
    },
  );
  expect(first.interrupted).toBe(true);
  const { results } = await benchHere({ resume: directory });
  for (const row of results.map(rowOf)) expect(row).toMatchObject({ launches: 3 });
});
