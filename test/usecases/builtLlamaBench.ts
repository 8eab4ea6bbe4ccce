/** llama-bench itself, linked to the libraries that llmbench measures with, where somebody built it. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { llamaBenchPath } from "../../scripts/bench/buildLlamaBench.mjs";
import { librariesFolder, packageName } from "../../scripts/bench/enginePackages.mjs";

const required = (process.env["LLMBENCH_REQUIRE"] ?? "").split(",").includes("llama-bench");

const libraries = librariesFolder(packageName("cpu"));
const executable = llamaBenchPath(libraries);

export const hasLlamaBench = existsSync(executable);

if (!hasLlamaBench) {
  const reason = `tests that run llama-bench need it built: node scripts/build-llama-bench.mjs`;
  if (required) throw new Error(reason);
  process.stderr.write(`skipped: ${reason}\n`);
}

/** What it prints on standard output. */
export function llamaBench(args: readonly string[]): string {
  // llama.cpp looks for its backends beside the executable and in the working directory.
  const { status, stdout, stderr } = spawnSync(executable, args, {
    cwd: libraries,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`llama-bench ended with ${status}:\n${stderr}`);
  return stdout;
}
