/** Tests of the machine in a run: rows without a model, before those of models, and what these reach of them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { matmulOf } from "../../src/bench/workload.ts";
import { readCsv } from "../../src/results/readCsv.ts";
import { readJournal } from "../../src/results/readJournal.ts";
import { rowOf } from "../../src/results/rowOf.ts";
import { toCsv } from "../../src/results/writeCsv.ts";
import { llmbenchLines } from "../../src/repeat/llmbenchLine.ts";
import { table } from "../../src/reporters/table.ts";
import { benchHere, planHere } from "./inProcess.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench machine "));
process.env["LLMBENCH_CACHE"] = join(folder, "cache");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const outputDir = join(folder, "run");
const { results } = await benchHere({
  models: ["toy-4m"],
  quantizations: ["q4_0"],
  matmul: [matmulOf(256, "q4_0"), matmulOf(256, "f16")],
  nPrompt: [64],
  nGen: [0],
  repetitions: 1,
  launches: 1,
  warmup: "none",
  device: "cpu",
  nThreads: [1],
  outputDir,
});
const [first, second, prompt] = results.map(rowOf);

describe("a run that tests the machine and a model", () => {
  it("has the machine's rows first, without a model or anything of one", () => {
    expect(results.map((record) => rowOf(record).test)).toEqual([
      "matmul256 q4_0",
      "matmul256 f16",
      "pp64",
    ]);
    expect(first).toMatchObject({
      status: "measured",
      model: null,
      quantization: null,
      weights: null,
      weights_bytes: null,
      fit: null,
      n_gpu_layers: null,
      flash_attn: null,
      type_k: null,
      n_batch: null,
      n_ctx: null,
      metric: "matmul_tflops",
      unit: "TFLOP/s",
      precision: "q4_0",
      avg_ts: null,
      n_threads: 1,
      devices: null,
      kv_bytes: null,
      share_of_roof: null,
    });
    expect(second).toMatchObject({ precision: "f16" });
    expect(first?.value).toBeGreaterThan(0);
    expect(first?.burst_value).toBeGreaterThan(0);
    expect(first?.case_id).not.toBe(second?.case_id);
  });

  it("tells what share of them the model's row reaches, in the table too", () => {
    expect(prompt?.precision).toBeNull();
    expect(prompt?.share_of_roof).toBeGreaterThan(0);
    const text = [...table.pieces({ cases: results, missing: 0, notes: [], runs: [] })].join("");
    expect(text).toMatch(/prefill takes \d+% of what this arithmetic gives/);
  });

  it("is read back as it was written", async () => {
    const csv = toCsv(results);
    expect(toCsv(readCsv(csv, "results.csv"))).toBe(csv);
    const { cases, run } = await readJournal(join(outputDir, "results.jsonl"));
    expect(cases.map((record) => rowOf(record))).toEqual(results.map((record) => rowOf(record)));
    expect(run.plan[0]).toMatchObject({ model_spec: null, model: null, weights: null });
  });

  it("is gone on with as the same cases", async () => {
    const { due, cases } = await planHere({ resume: outputDir });
    expect(due).toEqual([]);
    expect(cases.map(({ id }) => id)).toEqual(results.map(({ id }) => id));
  });

  it("is repeated by the flags that ask for the tests", () => {
    const [line = ""] = results.slice(0, 1).flatMap((record) => llmbenchLines(record, []));
    expect(line).toMatch(/^llmbench run --matmul 256:q4_0 /);
    expect(line).toMatch(/ -t 1\b/);
  });
});

it("what one run measured of the machine, the next one's rows are shares of", async () => {
  const { results: later } = await benchHere({
    models: ["toy-4m"],
    quantizations: ["q4_0"],
    nPrompt: [64],
    nGen: [0],
    repetitions: 1,
    launches: 1,
    warmup: "none",
    device: "cpu",
    nThreads: [1],
    outputDir: join(folder, "later"),
  });
  expect(later[0]?.shareOfRoof).toBeGreaterThan(0);
});
