/** Runs the built command line as its users do, in a process of its own. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const cliFile = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function llmbench(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const options = { encoding: "utf8", env: { ...process.env, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [cliFile, ...args], options);
  return { status, stdout, stderr };
}
