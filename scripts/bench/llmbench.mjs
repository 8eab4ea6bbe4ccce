// @ts-check
// Runs `llmbench run` as a user would, and reads the journal that it left.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expandHome } from "../../dist/base/homePath.js";
import { LlmbenchError } from "../../dist/errors.js";
import { readJournal } from "../../dist/results/readJournal.js";
import { resultFiles } from "../../dist/results/resultFiles.js";
import { lastLines, runToEnd } from "./childOutput.mjs";
import { checkout } from "./enginePackages.mjs";

/**
 * @typedef {import("../../dist/results/caseResult.js").CaseResult} CaseResult
 * @typedef {import("../../dist/results/journalLines.js").RunLine} RunLine
 * @typedef {{ rows: readonly CaseResult[], run: RunLine, wallMs: number, libraries: readonly string[] }} LlmbenchRun
 */

const cli = join(checkout, "dist", "cli.js");

/**
 * A case that failed is a row; a command that could not run throws.
 *
 * @param {readonly string[]} args
 * @returns {Promise<LlmbenchRun>}
 */
export async function runLlmbench(args) {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-bench-"));
  const output = join(folder, "run");
  try {
    const whole = [cli, "run", ...args, "--quiet", "-o", "jsonl", "--output-dir", output];
    const { code, stderr, wallMs } = await runToEnd(process.execPath, whole);
    if (code !== 0 && code !== 1) {
      throw new LlmbenchError("usage", `llmbench run ended with ${code}:\n${lastLines(stderr)}`);
    }
    const { cases, run } = await readJournal(join(output, resultFiles.journal));
    return { rows: cases, run, wallMs, libraries: run.engine.libraries.map(expandHome) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {LlmbenchRun} run
 * @throws {LlmbenchError} `engine` where a case has no speed
 */
export function requireMeasured(run) {
  const failed = run.rows.find(({ status }) => status !== "measured");
  if (failed === undefined && run.rows.length > 0) return run;
  const what = failed?.test ?? "anything";
  const why = failed?.reason ?? "no rows";
  throw new LlmbenchError("engine", `llmbench could not measure ${what}: ${why}`);
}
