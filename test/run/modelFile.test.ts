import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunEvent } from "../../src/run/events.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import type { JournalRow } from "../../src/results/row.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { toyWeights } from "../engines/toyWeights.ts";
import { benchHere } from "../usecases/inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench model file "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Not Q4_0, whose weights llama.cpp may copy into an order of its own: these stay mapped. */
const weights = await toyWeights("f16");
const otherWeights = await toyWeights("q4_0");

/** Runs two cases of a file that `meddle` meets, and two of one that nobody touches. */
async function runWith(
  name: string,
  meddle: (event: RunEvent, path: string) => void,
): Promise<readonly JournalRow[]> {
  const [path, other] = [join(folder, `${name}.gguf`), join(folder, `${name} other.gguf`)];
  copyFileSync(weights, path);
  copyFileSync(otherWeights, other);
  const directory = join(folder, name);
  const given: GivenFlags = {
    models: [path, other],
    nPrompt: [8],
    nGen: [4],
    repetitions: 1,
    launches: 2,
    warmup: "llama-bench",
    device: "cpu",
    nThreads: [1],
    outputDir: directory,
  };
  await benchHere(given, { onEvent: (event) => meddle(event, path) });
  return (await readJournal(join(directory, "results.jsonl"))).cases.map(rowOf);
}

const outcomes = (cases: readonly JournalRow[]) =>
  cases.map(({ test, status, reason }) => [test, status, reason?.split(":")[0] ?? null]);

const sha256 = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex");

const untouched = [
  ["pp8", "measured", null],
  ["tg4", "measured", null],
];

it("rows of real weights carry their SHA-256", async () => {
  const results = await runWith("left alone", () => {});
  const [first, , third] = results.map(({ model_sha256: digest }) => digest);
  expect([first, third]).toEqual([sha256(weights), sha256(otherWeights)]);
});

describe("a model's file that changes while it is measured", () => {
  // Windows doesn't let a mapped file shrink.
  it.skipIf(process.platform === "win32")(
    "shrinks: the case that reads it fails, and says so; the others stand",
    async () => {
      let cases = 0;
      const results = await runWith("shrinking", (event, path) => {
        if (event.type === "case" && ++cases === 2) truncateSync(path, 100_000);
      });
      expect(outcomes(results)).toEqual([
        ["pp8", "failed", "model_changed"],
        ["tg4", "failed", "model_changed"],
        ...untouched,
      ]);
      const [, crashed] = results;
      expect(crashed?.reason).toMatch(
        /^model_changed: .*shrinking\.gguf had \d+ bytes when the run began, and now has 100000; .*SIGBUS/u,
      );
    },
  );

  it("vanishes: what was loaded is measured, the next launch fails, and says so; the others stand", async () => {
    let loads = 0;
    const results = await runWith("vanishing", (event, path) => {
      if (event.type === "loading" && ++loads === 2) rmSync(path);
    });
    expect(outcomes(results)).toEqual([
      ["pp8", "failed", "model_changed"],
      ["tg4", "failed", "model_changed"],
      ...untouched,
    ]);
    expect(results[0]?.reason).toMatch(/^model_changed: .*vanishing\.gguf is gone$/u);
  });
});
