/** The built command line beside a server of the test's own, which must go on answering meanwhile. */
import { spawn, type ChildProcess } from "node:child_process";
import { cliFile, type Ended } from "./llmbench.ts";

export interface Beside {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** With this environment alone, besides what finds programs. */
export function llmbenchBeside(args: readonly string[], env: NodeJS.ProcessEnv): Beside {
  const child = spawn(process.execPath, [cliFile, ...args], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => (said[name] += text));
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (status) => resolve({ status, ...said }));
  });
  return { child, ended };
}
