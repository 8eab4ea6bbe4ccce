// @ts-check
// A program that measures in bursts (bursts.h), and waits for its turn between them.
import { spawn } from "node:child_process";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { LlmbenchError } from "../../dist/index.js";
import { lastLines } from "./childOutput.mjs";

/** @typedef {{ wall: number, processor: number }} PassNs nanoseconds of a pass */

/**
 * @typedef {object} BurstCommand
 * @property {string} program
 * @property {readonly string[]} args
 * @property {NodeJS.ProcessEnv} [env] beside this process's
 * @property {string} [cwd]
 */

export class BurstProgram {
  /** @param {BurstCommand} command */
  constructor({ program, args, env = {}, cwd }) {
    this.name = basename(program);
    this.child = spawn(program, args, {
      env: { ...process.env, ...env },
      ...(cwd === undefined ? {} : { cwd }),
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.log = "";
    this.child.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
    // What is written to one that has ended shows in its end.
    this.child.stdin.on("error", () => {});
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    this.ended = new Promise((resolve) => {
      this.child.once("close", (code) => resolve(`ended with ${code}`));
      this.child.once("error", ({ message }) => resolve(message));
    });
  }

  /** All is laid out, and it waits. @throws {LlmbenchError} `engine` where it ends before */
  async ready() {
    while ((await this.line()) !== "ready");
  }

  /**
   * @param {number} seconds
   * @returns {Promise<PassNs>}
   */
  async burst(seconds) {
    this.child.stdin.write(`${seconds}\n`);
    const [wall = Number.NaN, processor = Number.NaN] = (await this.line()).split(" ").map(Number);
    return { wall, processor };
  }

  async close() {
    this.child.stdin.end();
    await this.ended;
  }

  async line() {
    const { value, done } = await this.lines.next();
    if (done !== true) return value;
    throw new LlmbenchError("engine", `${this.name} ${await this.ended}:\n${lastLines(this.log)}`);
  }
}
