import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sampleStandardDeviation } from "simple-statistics";
import { afterAll, describe, expect, it } from "vitest";
import { testName } from "../../src/bench/workload.ts";
import type { RunEvent } from "../../src/run/events.ts";
import type { GivenFlags } from "../../src/suite/settings.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { benchHere } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const directory = join(folder, "run with a space");
const given = {
  models: ["toy-4m"],
  quantizations: ["q4_0"],
  nPrompt: [16],
  nGen: [4],
  repetitions: 3,
  launches: 2,
  device: "cpu",
  outputDir: directory,
} satisfies GivenFlags;
const events: RunEvent[] = [];
const outcome = await benchHere(given, { onEvent: (event) => events.push(event) });
const rows = outcome.results.map(rowOf);
const journalPath = join(directory, "results.jsonl");
const journal = await readJournal(journalPath);

describe("a run", () => {
  it("answers every case with a measured row that names what was measured on what", () => {
    expect(outcome.interrupted).toBe(false);
    expect(outcome.results.map(({ workload }) => testName(workload))).toEqual(["pp16", "tg4"]);
    for (const row of rows) {
      expect(row).toMatchObject({
        status: "measured",
        reason: null,
        model: "toy-4m",
        quantization: "q4_0",
        weights: "synthetic",
        backend: "cpu",
        n_gpu_layers: 0,
        n_ctx: 256,
        flash_attn: 1,
        load_mode: "mmap",
        page_cache: "dropped",
        fit: "full",
        device_bytes_measured: 0,
      });
      expect(row.llama_bench).toContain("llama-bench -m ");
    }
  });

  it("measures each case in as many processes as launches were asked for, and keeps all samples", () => {
    for (const row of rows) {
      expect(row.launch_results.map(({ launch }) => launch)).toEqual([1, 2]);
      expect(row).toMatchObject({ launches: 2, repetitions: 6 });
      expect(row.samples_ns).toHaveLength(6);
      expect(row.sd_between_ts).not.toBeNull();
    }
  });

  it("averages as llama-bench does: mean and sample standard deviation of tokens per second", () => {
    const [row] = rows;
    const speeds = row?.samples_ns.map((ns) => (1e9 * 16) / ns) ?? [];
    expect(row?.samples_ts).toEqual(speeds);
    expect(row?.stddev_ts).toBeCloseTo(sampleStandardDeviation(speeds), 9);
  });

  it("writes a journal of one run line, each launch, and one line a case, readable without a model", () => {
    const types = readFileSync(journalPath, "utf8")
      .trim()
      .split("\n")
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(["run", "launch", "launch", "case", "case"]);
    expect(journal.cases).toEqual(outcome.results);
    expect(journal.run?.plan.map((one) => one.case_id)).toEqual(
      outcome.results.map(({ id }) => id),
    );
  });

  it("says what it does: weights, loading, each case, its phases and samples, each result", () => {
    const types = new Set(events.map(({ type }) => type));
    for (const type of ["started", "loading", "case", "phase", "sample", "result"]) {
      expect(types).toContain(type);
    }
  });

  it("refuses a folder that holds a run, naming --resume", async () => {
    await expect(benchHere(given)).rejects.toThrow(/--resume/u);
  });
});
