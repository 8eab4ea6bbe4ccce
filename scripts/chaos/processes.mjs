// @ts-check
// The processes of a run, known by a word in their environment: a child of a parent that is gone has it still.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

const listing =
  process.platform === "darwin"
    ? ["-A", "-E", "-ww", "-o", "pid=,command="]
    : ["axeww", "-o", "pid=,args="];

export class Processes {
  #mark = randomUUID();

  /** To be added to the environment of whatever is started. */
  get environment() {
    return { LLMBENCH_CHAOS: this.#mark };
  }

  /** @returns {number[]} */
  get running() {
    const output = execFileSync("ps", listing, { encoding: "utf8", maxBuffer: 2 ** 26 });
    const ours = output.split("\n").filter((line) => line.includes(this.#mark));
    return ours.map((line) => Number.parseInt(line, 10));
  }

  /**
   * Waits for all to end.
   *
   * @param {number} limitMs
   * @returns {Promise<number[]>} those that still run
   */
  async leftBehind(limitMs) {
    const deadline = performance.now() + limitMs;
    for (;;) {
      const left = this.running;
      if (left.length === 0 || performance.now() > deadline) return left;
      await sleep(50);
    }
  }
}
