// @ts-check
// Runs `llmbench run` as a user would, and reads the journal that it left.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  LlmbenchError,
  isMeasured,
  readJournal,
  resultFiles,
  rowOf,
  testName,
} from "../../dist/index.js";
import { expandHome } from "../../dist/maintenance.js";
import { lastLines, runToEnd } from "./childOutput.mjs";
import { checkout } from "./enginePackages.mjs";

/**
 * @typedef {import("../../dist/index.js").CaseRecord} CaseRecord
 * @typedef {import("../../dist/index.js").MeasuredRecord} MeasuredRecord
 * @typedef {import("../../dist/index.js").RunLine} RunLine
 * @typedef {{ cases: readonly CaseRecord[], run: RunLine, wallMs: number, cpuMs: number | null, libraries: readonly string[] }} LlmbenchRun
 * @typedef {LlmbenchRun & { cases: readonly [MeasuredRecord, ...MeasuredRecord[]] }} MeasuredRun
 */

const cli = join(checkout, "dist", "cli.js");

/**
 * A case that failed is a result; a command that could not run throws.
 *
 * @param {readonly string[]} args
 * @param {{ before?: readonly string[], env?: NodeJS.ProcessEnv }} [around] what stands before the command, and what its
 *   environment has beside this process's
 * @returns {Promise<LlmbenchRun>}
 */
export async function runLlmbench(args, { before = [], env = {} } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-bench-"));
  const output = join(folder, "run");
  try {
    const asked = ["run", ...args, "--quiet", "-o", "jsonl", "--output-dir", output];
    const [program = "", ...whole] = [...before, process.execPath, cli, ...asked];
    const { code, stderr, wallMs, cpuMs } = await runToEnd(program, whole, {
      env: { ...process.env, ...env },
    });
    if (code !== 0 && code !== 1) {
      throw new LlmbenchError("usage", `llmbench run ended with ${code}:\n${lastLines(stderr)}`);
    }
    const { cases, run } = await readJournal(join(output, resultFiles.journal));
    return { cases, run, wallMs, cpuMs, libraries: run.engine.libraries.map(expandHome) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {LlmbenchRun} run
 * @returns {MeasuredRun}
 * @throws {LlmbenchError} `engine` where a case has no speed
 */
export function requireMeasured(run) {
  const [first, ...others] = run.cases.filter(isMeasured);
  if (first !== undefined && others.length === run.cases.length - 1)
    return { ...run, cases: [first, ...others] };
  const failed = run.cases.find((one) => !isMeasured(one));
  const what = failed === undefined ? "anything" : testName(failed.workload);
  const why = failed === undefined ? "no cases" : endOf(failed);
  throw new LlmbenchError("engine", `llmbench could not measure ${what}: ${why}`);
}

/**
 * How a case ended, and why where it wasn't measured: the journal's words.
 *
 * @param {CaseRecord} record
 */
export function endOf(record) {
  const { status, reason } = rowOf(record);
  return reason ?? status;
}
