/**
 * How long a comparison of two large result files takes: 100,000 rows against 100,000, read, paired, judged and put into
 * words. Needs a built checkout.
 *
 *   node scripts/bench-compare.mjs [ROWS]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnNames } from "../dist/index.js";
import {
  compareMachines,
  comparisonJson,
  comparisonSummaryOf as summaryOf,
  crossoverOf,
  csvPieces,
  importResults,
  machinesOf,
} from "../dist/maintenance.js";

const count = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), "llmbench compare "));

/** By the CSV's columns; those that aren't here are unknown. */
function row(machine, index, speed) {
  const depth = (index % 500) * 16;
  const model = Math.floor(index / 500) % 40;
  const quantization = Math.floor(index / 20_000);
  const samples = [0, 1, 2, 3, 4, 5].map((i) => speed * (1 + 0.002 * Math.sin(index + i)));
  return {
    schema_version: 1,
    run_id: "bench",
    case_id: `${machine}-${index}`,
    status: index % 10 === 9 ? "does_not_fit" : "measured",
    reason: index % 10 === 9 ? "predicted_oom" : null,
    machine,
    backend: machine === "mac" ? "metal" : "cuda",
    gpu_budget_bytes: 24 * 2 ** 30,
    engine: "llama.cpp",
    engine_version: "v0.4.0",
    model: `model-${model}`,
    quantization: `q${quantization}`,
    weights: "synthetic",
    weights_bytes: (model + 1) * 1e9,
    model_n_params: (model + 1) * 2e9,
    n_layers: 32,
    n_gpu_layers: 33,
    test: depth === 0 ? "tg128" : `tg128 @ d${depth}`,
    n_prompt: 0,
    n_gen: 128,
    n_depth: depth,
    launches: 2,
    repetitions: samples.length,
    avg_ts: samples.reduce((sum, sample) => sum + sample, 0) / samples.length,
    samples_ts: samples,
  };
}

function cells(of) {
  return columnNames.map((name) => of[name] ?? null);
}

/** Wall and CPU seconds since `since`: on a busy machine only the second tells. */
function clock(what, since) {
  const { user, system } = process.cpuUsage(since.cpu);
  const wall = (performance.now() - since.wall) / 1000;
  console.log(
    `${what.padEnd(28)} ${wall.toFixed(2)} s, ${((user + system) / 1e6).toFixed(2)} s of CPU`,
  );
  return now();
}

const now = () => ({ wall: performance.now(), cpu: process.cpuUsage() });

try {
  const files = ["mac", "rtx"].map((machine, at) => {
    const path = join(folder, `${machine}.csv`);
    const rows = Array.from({ length: count }, (_, i) => row(machine, i, 50 + 20 * at + (i % 7)));
    writeFileSync(path, [...csvPieces(columnNames, rows, cells)].join(""));
    return path;
  });
  const start = now();
  let at = start;
  const results = [];
  for (const file of files) results.push({ file, cases: (await importResults(file, [])).cases });
  at = clock(`read 2 × ${count} rows`, at);
  const comparison = compareMachines(machinesOf(results), {
    baseline: null,
    usable: 5,
    practical: 0.03,
    allow: new Set(),
  });
  at = clock(`pair and judge ${comparison.pairs.length}`, at);
  const summary = summaryOf(comparison);
  at = clock(`${summary.length} sentences`, at);
  const json = JSON.stringify(comparisonJson(comparison, summary, crossoverOf(comparison)));
  clock(`${(json.length / 1e6).toFixed(0)} MB of JSON`, at);
  clock("in all", start);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
