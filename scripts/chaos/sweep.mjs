// @ts-check
// One run of twelve cases, started and resumed until it is complete, with deaths in between.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, JournalCheck } from "./journalCheck.mjs";

/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {import("./processes.mjs").Processes} Processes */
/** @typedef {{ ended: boolean, killed: boolean, hurt: boolean }} Turn */
/** @typedef {{ parents: number, children: number, tears: number, sweeps: number, cases: number, goneMs: number }} Tally */

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** One thread: two that spin for work on a busy machine wait for each other. */
const matrix =
  "-m toy-4m -q q4_0,f16 -p 16,32,64 -n 4,8,16 -r 2 --warmup llama-bench -t 1 --device cpu";
const cases = 12;

/** What a crash may look like; all but the first can be caught, and none is. */
const childDeaths = /** @type {const} */ (["SIGKILL", "SIGSEGV", "SIGABRT", "SIGBUS"]);

/**
 * A child ends as soon as it sees its parent's end, and what node-llama-cpp starts to try a build (testBindingBinary) when
 * it has tried: at once, but on a machine whose processors others keep for themselves. How long it took is told.
 */
const goneWithinMs = 300_000;

/** As long as a run of this matrix takes. */
const longestPauseMs = 4000;

/** Deaths that a single sweep dies at most: what comes after them must complete it. */
const deathsASweep = 24;

export class Sweep {
  #random;
  #processes;
  #tally;
  #directory = mkdtempSync(join(tmpdir(), "llmbench chaos "));
  #journal = new JournalCheck(this.#directory);
  #env;
  #launches;

  /**
   * @param {Random} random
   * @param {Processes} processes
   * @param {Tally} tally
   */
  constructor(random, processes, tally) {
    this.#random = random;
    this.#processes = processes;
    this.#tally = tally;
    this.#launches = String(1 + random.below(2));
    // Now and then a death meets the making of weights.
    const cache = random.chance(0.3) ? { LLMBENCH_CACHE: join(this.#directory, "cache") } : {};
    this.#env = { ...process.env, ...processes.environment, ...cache };
  }

  /**
   * Kills up to `deaths` times, then lets the run complete.
   *
   * @param {number} deaths
   */
  async run(deaths) {
    const last = this.#deaths() + Math.min(deaths, deathsASweep);
    try {
      while (!this.#complete()) await this.#turn(() => this.#deaths() < last);
      this.#tally.sweeps += 1;
      this.#tally.cases += this.#journal.results.length;
      expect(this.#journal.results.length === cases, `${this.#journal.results.length} cases`);
    } catch (error) {
      throw new Error(`${/** @type {Error} */ (error).message} (see ${this.#directory})`, {
        cause: error,
      });
    }
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #deaths() {
    return this.#tally.parents + this.#tally.children;
  }

  #complete() {
    if (!this.#journal.begun) return false;
    const measured = this.#journal.results.filter(({ status }) => status === "measured");
    return measured.length === this.#journal.plan.length;
  }

  #flags() {
    return this.#journal.begun
      ? ["--resume", this.#directory, "--retry-failed"]
      : [...matrix.split(" "), "--launches", this.#launches, "--output-dir", this.#directory];
  }

  /**
   * Starts or resumes the run, and follows it to its end.
   *
   * @param {() => boolean} mayKill
   */
  async #turn(mayKill) {
    const child = spawn(process.execPath, [cli, ...this.#flags(), "--no-lock"], {
      env: this.#env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    const closed = once(child, "close");
    /** @type {Turn} */
    const turn = { ended: false, killed: false, hurt: false };
    void closed.then(() => (turn.ended = true));
    while (!turn.ended && !turn.killed && mayKill()) {
      await Promise.race([closed, sleep(this.#random.below(longestPauseMs))]);
      if (!turn.ended) this.#strike(child, turn);
    }
    const [code] = await closed;
    await this.#aftermath(code, stderr, turn);
  }

  /**
   * @param {import("node:child_process").ChildProcess} parent
   * @param {Turn} turn
   */
  #strike(parent, turn) {
    if (this.#random.chance(0.35)) {
      turn.killed = parent.kill("SIGKILL");
      if (turn.killed) this.#tally.parents += 1;
      return;
    }
    const victim = this.#processes.running.find((pid) => pid !== parent.pid);
    if (victim === undefined) return;
    try {
      process.kill(victim, this.#random.pick(childDeaths));
      turn.hurt = true;
      this.#tally.children += 1;
    } catch {
      // It had ended by itself.
    }
  }

  /**
   * @param {number | null} code
   * @param {string} stderr
   * @param {Turn} turn
   */
  async #aftermath(code, stderr, { killed, hurt }) {
    expect(!/\n\s+at /u.test(stderr), `a stack was shown: ${stderr}`);
    const closed = performance.now();
    const left = await this.#processes.leftBehind(goneWithinMs);
    this.#tally.goneMs = Math.max(this.#tally.goneMs, performance.now() - closed);
    expect(left.length === 0, `left behind: ${left.join(", ")}`);
    const announced = [...stderr.matchAll(/^(toy-4m \S+ \S+): /gmu)].map(([, name = ""]) => name);
    await this.#journal.verify(announced);
    if (!killed) {
      // 2: what answers the first questions was killed.
      const expected = this.#complete() ? [0] : [1, ...(hurt ? [2] : [])];
      expect(expected.includes(code ?? -1), `exit code ${code}: ${stderr}`);
      expect(code === 2 || this.#journal.results.length === cases, `ended early: ${stderr}`);
    } else if (this.#random.chance(0.4) && this.#journal.tear(this.#random)) {
      this.#tally.tears += 1;
    }
  }
}
