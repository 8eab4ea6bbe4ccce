/** npm itself, as users start llmbench by it. */
import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from "node:child_process";
import type { Ended } from "./llmbench.ts";

/** What npm, which may have started the tests, tells of itself: a user's shell has none of it. */
export function shellEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$)/iu.test(name));
  return Object.fromEntries(own);
}

export function npm(args: readonly string[], cwd: string): Ended {
  const options: SpawnSyncOptionsWithStringEncoding = {
    cwd,
    encoding: "utf8",
    env: shellEnvironment(),
  };
  const { status, stdout, stderr } = start(args, options);
  return { status, stdout, stderr };
}

function start(args: readonly string[], options: SpawnSyncOptionsWithStringEncoding) {
  const program = process.env["npm_execpath"];
  if (program?.endsWith("npm-cli.js")) {
    return spawnSync(process.execPath, [program, ...args], options);
  }
  // Without a shell Windows doesn't find npm.cmd.
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}
