// @ts-check
// Judges a batch of damaged files in a process of its own, whose memory and time its parent watches.
import { cpuUsage, resourceUsage } from "node:process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomSource } from "../random.mjs";
import { damagedHeader } from "./headers.mjs";
import { judgeHeader, judgeResults } from "./judge.mjs";
import { damagedResults, resultSeeds } from "./results.mjs";

/** @typedef {{ kind: "headers" | "results", first: number, count: number, run: string }} Batch */
/**
 * `at`: begins a file; `taken`: it was; `failed`: what does not hold of it; `done`: highest resident memory and longest processor time of
 * one file.
 * @typedef {{ type: "at", seed: number }
 *   | { type: "taken", seed: number }
 *   | { type: "failed", seed: number, message: string }
 *   | { type: "done", taken: number, refused: number, maxBytes: number, maxCpuMs: number }} Report
 */

const [, , text = "{}"] = process.argv;
/** @type {Batch} */
const { kind, first, count, run } = JSON.parse(text);
const folder = mkdtempSync(join(tmpdir(), "llmbench-fuzz-"));

/** @param {Report} report */
const say = (report) => process.send?.(report);

const seeds = kind === "results" ? resultSeeds(run) : [];

/** @param {number} seed */
function judge(seed) {
  const random = randomSource(seed);
  return kind === "headers"
    ? judgeHeader(join(folder, "model.gguf"), damagedHeader(random))
    : judgeResults(folder, damagedResults(seeds, random));
}

const tally = { taken: 0, refused: 0 };
let maxCpuMs = 0;
for (let seed = first; seed < first + count; seed++) {
  say({ type: "at", seed });
  const before = cpuUsage();
  try {
    const verdict = await judge(seed);
    tally[verdict] += 1;
    if (verdict === "taken") say({ type: "taken", seed });
  } catch (error) {
    const { message, stack } = /** @type {Error} */ (error);
    say({ type: "failed", seed, message: stack ?? message });
  }
  const { user, system } = cpuUsage(before);
  maxCpuMs = Math.max(maxCpuMs, (user + system) / 1000);
}
rmSync(folder, { recursive: true, force: true });
say({ type: "done", ...tally, maxBytes: 1024 * resourceUsage().maxRSS, maxCpuMs });
process.disconnect();
