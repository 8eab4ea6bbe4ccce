// @ts-check
// What must hold of a journal after any death: whole lines stand for ever, each finished case is there, none twice.
import { existsSync, readFileSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { readResults, resultFiles } from "../../dist/index.js";

/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {{ type: string, case_id: string, model: string, quantization: string, test: string, status: string, reason: string | null }} CaseLine */

export class JournalCheck {
  #path;
  /** Lines that stood at the last look. */
  #whole = "";
  /** Case lines that a retry may give a second one. */
  #failed = new Set();

  /** @param {string} directory */
  constructor(directory) {
    this.#path = join(directory, resultFiles.journal);
  }

  /** @returns {string} */
  #text() {
    return existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
  }

  /** Whether the run's line is there, so that the run can be resumed. */
  get begun() {
    return this.#text().includes("\n");
  }

  /** @returns {CaseLine[]} */
  get cases() {
    return this.#lines().filter(({ type }) => type === "case");
  }

  /** @returns {any[]} */
  #lines() {
    const text = this.#text();
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    return whole
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  }

  /** Ids of the plan. @returns {string[]} */
  get plan() {
    const [run] = this.#lines();
    return run.plan.map((/** @type {{ case_id: string }} */ one) => one.case_id);
  }

  /** The last line of each case. @returns {CaseLine[]} */
  get results() {
    return [...new Map(this.cases.map((line) => [line.case_id, line])).values()];
  }

  /**
   * @param {readonly string[]} announced results that the run said were on disk: `toy-4m q4_0 pp16`
   * @throws {Error} where a result is lost, doubled or mangled
   */
  async verify(announced) {
    const text = this.#text();
    expect(text.startsWith(this.#whole), "lines that stood have changed");
    this.#whole = text.slice(0, text.lastIndexOf("\n") + 1);
    if (!this.begun) {
      expect(announced.length === 0, "a result was announced, and nothing is on disk");
      return;
    }
    this.#verifyCases(announced);
    const { cases, missing, notes } = await readResults(this.#path);
    expect(cases.length === this.results.length, "the reader sees other cases");
    expect(missing === this.plan.length - cases.length, "the reader misses other cases");
    expect(text === this.#whole || notes.length > 0, "nothing is said of a torn line");
  }

  /** @param {readonly string[]} announced */
  #verifyCases(announced) {
    const plan = new Set(this.plan);
    const seen = new Set();
    for (const { case_id: id, status, reason } of this.cases) {
      expect(plan.has(id), `case ${id} is not of the plan`);
      expect(!seen.has(id) || this.#failed.has(id), `case ${id} stands twice`);
      seen.add(id);
      const crashed =
        status === "failed" && /^(?:crashed|work_not_done|engine_error): /u.test(reason ?? "");
      expect(status === "measured" || crashed, `case ${id} is ${status}: ${reason}`);
      if (crashed) this.#failed.add(id);
    }
    const known = new Set(
      this.cases.map((line) => `${line.model} ${line.quantization} ${line.test}`),
    );
    for (const name of announced) expect(known.has(name), `${name} was announced and is lost`);
  }

  /**
   * Cuts off a part of the last line, as a machine that loses power may.
   *
   * @param {Random} random
   * @returns {boolean} whether there was something to cut
   */
  tear(random) {
    const text = this.#text();
    const start = text.lastIndexOf("\n", text.length - 2) + 1;
    const bytes = Buffer.byteLength(text.slice(start));
    if (bytes < 2) return false;
    truncateSync(this.#path, Buffer.byteLength(text) - 1 - random.below(bytes - 1));
    const left = this.#text();
    this.#whole = left.slice(0, left.lastIndexOf("\n") + 1);
    return true;
  }
}

/**
 * @param {boolean} holds
 * @param {string} otherwise
 */
export function expect(holds, otherwise) {
  if (!holds) throw new Error(otherwise);
}
