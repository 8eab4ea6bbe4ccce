// @ts-check
// Runs a program to its end: what it said, how long it took from start to end, and how much of the processor.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** Lines of stderr that an error message shows. */
const shownLines = 4;

/**
 * @typedef {object} Finished
 * @property {number | null} code
 * @property {string} stdout
 * @property {string} stderr
 * @property {number} wallMs
 * @property {number | null} cpuMs processor time of the program and of the processes that it started and waited for; null
 *   where the system doesn't tell
 */

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Finished>}
 */
export function runToEnd(program, args, options = {}) {
  const started = performance.now();
  const cpuBefore = endedChildrenCpuMs();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({
        code,
        stdout,
        stderr,
        wallMs: performance.now() - started,
        cpuMs: difference(endedChildrenCpuMs(), cpuBefore),
      }),
    );
  });
}

/** Linux counts in these for programs, whatever the kernel's own clock (proc_pid_stat(5), USER_HZ). */
const ticksASecond = 100;

/**
 * Processor time of all children that have ended so far, with theirs (cutime and cstime of proc_pid_stat(5)).
 *
 * @returns {number | null} null where there is no /proc
 */
function endedChildrenCpuMs() {
  if (process.platform !== "linux") return null;
  const stat = readFileSync("/proc/self/stat", "utf8");
  // The name, the second field, may hold blanks; cutime is the sixteenth.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksASecond;
}

/**
 * @param {number | null} after
 * @param {number | null} before
 */
function difference(after, before) {
  return after === null || before === null ? null : after - before;
}

/** @param {string} stderr */
export function lastLines(stderr) {
  return stderr.trim().split("\n").slice(-shownLines).join("\n");
}
