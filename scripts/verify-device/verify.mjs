// @ts-check
// Takes the steps one after the other; what is known is on disk after each.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LlmbenchError, llmbenchVersion } from "../../dist/index.js";
import { buildLlamaBench } from "../bench/buildLlamaBench.mjs";
import { librariesFolderOf } from "../bench/llamaBench.mjs";
import { runLlmbench } from "../bench/llmbench.mjs";
import { measureParity } from "../bench/parity.mjs";
import { memoryChecks } from "./memory.mjs";
import { keptCase, verifiedMarkdown } from "./report.mjs";

/**
 * @typedef {import("./steps.mjs").Check} Check
 * @typedef {import("./steps.mjs").Step} Step
 * @typedef {import("./facts.mjs").Facts} Facts
 * @typedef {import("./report.mjs").Verified} Verified
 *
 * @typedef {object} VerifyOptions
 * @property {string} folder
 * @property {string} command as it was typed
 * @property {readonly string[]} flags of every `llmbench run`
 * @property {number} rounds of parity
 * @property {string | null} llamaBench
 * @property {(line: string) => void} say
 */

const outcomes = /** @type {const} */ ({
  within: "passed",
  outside: "failed",
  undecided: "undecided",
});

/**
 * @param {readonly Step[]} steps
 * @param {Facts} facts
 * @param {VerifyOptions} options
 * @returns {Promise<Verified>}
 */
export async function verify(steps, { machine, engine }, options) {
  const { libraries, ...shownEngine } = engine;
  /** @type {Verified} */
  const verified = {
    date: new Date().toISOString(),
    llmbench_version: llmbenchVersion(),
    command: options.command,
    machine,
    engine: shownEngine,
    checks: [],
    parity: [],
    cases: [],
  };
  /** @type {import("../bench/llmbench.mjs").CaseRecord[]} */
  const cases = [];
  await mkdir(options.folder, { recursive: true });
  for (const step of steps) {
    options.say(`${step.name}: ${step.does}`);
    await record(step.name, step.notTried);
    await record(step.name, await outcome(step));
  }
  await record("memory", memoryChecks(cases));
  return verified;

  /** @param {Step} step */
  async function outcome(step) {
    try {
      return step.name === "parity" ? await comparedWork(step) : await measuredWork(step);
    } catch (error) {
      if (!(error instanceof LlmbenchError)) throw error;
      return [failed(step.does, error)];
    }
  }

  /** @param {Step} step */
  async function measuredWork(step) {
    const measured = [];
    for (const work of step.works) {
      options.say(`  llmbench run ${work.flags.join(" ")}`);
      measured.push(...(await runLlmbench([...work.flags, ...options.flags])).cases);
    }
    cases.push(...measured);
    for (const work of step.bare) {
      options.say(`  llmbench run ${work.flags.join(" ")}`);
      measured.push(...(await runLlmbench([...work.flags, ...options.flags])).cases);
    }
    verified.cases.push(...measured.map(keptCase));
    return step.check(measured);
  }

  /** @param {Step} step */
  async function comparedWork(step) {
    const executable = llamaBench(libraries, options);
    if (typeof executable !== "string") return [executable];
    /** @type {Check[]} */
    const checks = [];
    for (const work of step.parity) {
      const result = await measureParity(work, { ...options, llamaBench: executable });
      verified.parity.push(result);
      for (const { test, paired, verdict } of result.tests) {
        checks.push({
          what: `${result.model} ${test} as llama-bench`,
          outcome: outcomes[verdict],
          detail: `ratio ${paired.ratio.toFixed(3)}`,
        });
      }
    }
    return checks;
  }

  /**
   * @param {string} step
   * @param {readonly Check[]} checks
   */
  async function record(step, checks) {
    for (const check of checks) {
      const { what, outcome: came, detail } = check;
      options.say(`  ${came}: ${what}${detail === "" ? "" : ` (${detail})`}`);
      verified.checks.push({ step, what, outcome: came, detail });
    }
    const json = `${JSON.stringify(verified, null, 2)}\n`;
    await writeFile(join(options.folder, "verified.json"), json);
    await writeFile(join(options.folder, "verified.md"), verifiedMarkdown(verified));
  }
}

/**
 * The executable, or why there is none: a machine may have no compiler.
 *
 * @param {readonly string[]} libraries
 * @param {VerifyOptions} options
 * @returns {string | Check}
 */
function llamaBench(libraries, { llamaBench: own, say }) {
  try {
    return own ?? buildLlamaBench(librariesFolderOf(libraries), say);
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    return { what: "parity", outcome: "not tried", detail: error.message };
  }
}

/**
 * @param {string} what
 * @param {LlmbenchError} error
 * @returns {Check}
 */
function failed(what, error) {
  return { what, outcome: "failed", detail: error.message };
}
