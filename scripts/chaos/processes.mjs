// @ts-check
// The processes of a run, known by a word in their environment: a child of a parent that is gone has it still.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const listing =
  process.platform === "darwin"
    ? ["-A", "-E", "-ww", "-o", "pid=,command="]
    : ["axeww", "-o", "pid=,args="];

const commandLength = 160;

export class Processes {
  #mark = randomUUID();

  /** To be added to the environment of whatever is started. */
  get environment() {
    return { LLMBENCH_CHAOS: this.#mark };
  }

  /** @returns {number[]} */
  get running() {
    return this.#lines().map((line) => Number.parseInt(line, 10));
  }

  /** Number, command and environment. @returns {string[]} */
  #lines() {
    const output = execFileSync("ps", listing, { encoding: "utf8", maxBuffer: 2 ** 26 });
    return output.split("\n").filter((line) => line.includes(this.#mark));
  }

  /**
   * Waits for all to end.
   *
   * @param {number} limitMs
   * @returns {Promise<string[]>} those that still run: number and command
   */
  async leftBehind(limitMs) {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const left = this.#lines();
      if (left.length === 0 || performance.now() > deadline) {
        return left.map((line) => line.trim().slice(0, commandLength));
      }
      await sleep(50);
    }
  }
}
