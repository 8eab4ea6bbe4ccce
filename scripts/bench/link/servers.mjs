// @ts-check
// Servers of this machine's CPU for benches, a thread each, and processors of their own where the system can hold them there.
import { spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { LlmbenchError } from "../../../dist/index.js";
import { checkout } from "../enginePackages.mjs";

/**
 * @typedef {import("node:child_process").ChildProcess} ChildProcess
 *
 * @typedef {object} ServerOptions
 * @property {number} port
 * @property {number} [number] of the processor that it stays on, from 0; any where absent
 * @property {readonly string[]} [flags] further ones of `llmbench rpc`
 * @property {readonly string[]} [before] what stands before the command
 * @property {NodeJS.ProcessEnv} [env] beside this process's own
 */

const canPin = spawnSync("taskset", ["--version"]).status === 0;

/**
 * What stands before a command so that it stays on one processor; nothing where the system has no word for it.
 *
 * @param {number} number from 0
 */
export function pinned(number) {
  return canPin ? ["taskset", "--cpu-list", String(number % availableParallelism())] : [];
}

/**
 * A server that answers, or fails.
 *
 * @param {ServerOptions} options
 * @returns {Promise<ChildProcess>}
 */
export function startServer({ port, number, flags = [], before = [], env = {} }) {
  const cli = join(checkout, "dist", "cli.js");
  const place = number === undefined ? [] : pinned(number);
  const serve = [process.execPath, cli, "rpc", "--port", String(port), "-t", "1"];
  const [program = "", ...args] = [...before, ...place, ...serve, ...flags];
  const child = spawn(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, ...env },
  });
  let log = "";
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      log += text;
      if (log.includes("lending ")) resolve(child);
    });
    child.once("error", reject);
    child.once("exit", () => reject(new LlmbenchError("engine", log.trim())));
  });
}

/** @param {readonly ChildProcess[]} servers */
export async function endServers(servers) {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise((resolve) => {
          if (server.exitCode !== null || server.signalCode !== null) resolve(null);
          server.once("exit", resolve);
          server.kill("SIGTERM");
        }),
    ),
  );
}
