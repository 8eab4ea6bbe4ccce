import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { isTimed } from "../../src/bench/launch.ts";
import { isMeasured, type MeasuredRecord } from "../../src/bench/record.ts";
import { autoLaunches } from "../../src/bench/repetitions.ts";
import { summarize } from "../../src/bench/summarize.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { benchHere } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-launches-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Wide, so that toys on a busy machine reach it. */
const precision = 0.5;

const given = {
  models: ["toy-4m"],
  quantizations: ["q4_0"],
  nPrompt: [16],
  nGen: [4],
  repetitions: "auto",
  launches: "auto",
  maxTimeSeconds: 20,
  precision,
  device: "cpu",
} satisfies GivenFlags;

/** Launches after which the interval over them was first as narrow as asked. */
function enough({ launches, workload }: MeasuredRecord): number {
  const timed = launches.filter(isTimed);
  for (let count = autoLaunches.least; count < timed.length; count++) {
    const { ci95, mean = null } = summarize(timed.slice(0, count), workload) ?? {};
    if (ci95 && mean !== null && (ci95.high - ci95.low) / 2 <= precision * mean) return count;
  }
  return timed.length;
}

it("a case is launched until its interval is as narrow as asked, and one that takes more doesn't keep the others", async () => {
  const directory = join(folder, "wide");
  const { results } = await benchHere({ ...given, outputDir: directory });
  const measured = results.filter(isMeasured);
  expect(measured).toHaveLength(2);
  for (const record of measured) {
    expect(record.launches.length).toBeGreaterThanOrEqual(autoLaunches.least);
    expect(record.launches.length).toBeLessThanOrEqual(autoLaunches.most);
    expect(enough(record)).toBe(record.launches.length);
    expect(rowOf(record).warnings).not.toContain("single_launch");
  }
  const lines = readFileSync(join(directory, "results.jsonl"), "utf8").trim().split("\n");
  const types = lines.map((line) => (JSON.parse(line) as { type: string }).type);
  const before = measured.reduce((sum, { launches }) => sum + launches.length - 1, 0);
  expect(types.filter((type) => type === "launch")).toHaveLength(before);
  expect(types.filter((type) => type === "case")).toHaveLength(2);
});

it("a run that was stopped between launches goes on with as many as are still needed", async () => {
  const directory = join(folder, "stopped");
  const stop = new AbortController();
  const first = await benchHere(
    { ...given, outputDir: directory },
    {
      signal: stop.signal,
      onEvent(event) {
        if (event.type === "loading" && event.launch === 3) stop.abort();
      },
    },
  );
  expect(first.interrupted).toBe(true);
  const { results } = await benchHere({ resume: directory });
  for (const record of results.filter(isMeasured)) {
    const numbers = record.launches.filter(isTimed).map(({ number }) => number);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
    expect(enough(record)).toBe(numbers.length);
  }
});
