/** llama-bench itself, where `node scripts/build-llama-bench.mjs` built it. */
import { existsSync } from "node:fs";
import { llamaBenchPath } from "../../../scripts/bench/buildLlamaBench.mjs";
import { librariesFolder, packageName } from "../../../scripts/bench/enginePackages.mjs";

const required = (process.env["LLMBENCH_REQUIRE"] ?? "").split(",").includes("llama-bench");

export const librariesOfCpu = librariesFolder(packageName("cpu"));
export const llamaBench = llamaBenchPath(librariesOfCpu);

function lookForLlamaBench(): boolean {
  if (existsSync(llamaBench)) return true;
  if (required) throw new Error(`${llamaBench} is missing`);
  process.stderr.write(
    "skipped: tests of what llama-bench prints need it built (node scripts/build-llama-bench.mjs)\n",
  );
  return false;
}

export const hasLlamaBench = lookForLlamaBench();
