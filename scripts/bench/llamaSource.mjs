// @ts-check
// llama.cpp's source, as node-llama-cpp ships it, and the compiler that makes its tools against the package's libraries.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import { linkedLibraries, sourceBundle } from "./enginePackages.mjs";

/**
 * @param {readonly string[]} tried names of programs, in this order
 * @param {string} wayOut what else there is to do
 */
export function findCompiler(tried, wayOut) {
  const named = tried.filter((name) => name !== "");
  const found = named.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (found !== undefined) return found;
  throw new LlmbenchError(
    "engine",
    `no compiler (tried ${named.join(", ")}): install one (Debian: g++; macOS: xcode-select --install)${wayOut}`,
  );
}

/**
 * @param {string} work a folder for it
 * @param {readonly string[]} wanted paths below the source
 * @param {string} wayOut
 */
export function unpackSource(work, wanted, wayOut) {
  if (!existsSync(sourceBundle)) {
    throw new LlmbenchError("engine", `${sourceBundle} is missing; run "npm ci"${wayOut}`);
  }
  const source = join(work, "llama.cpp");
  const clone = ["clone", "--quiet", "--no-checkout", "--depth", "1", sourceBundle, source];
  runTool("git", clone, "unpack llama.cpp", wayOut);
  const checkOut = ["-C", source, "checkout", "--quiet", "HEAD", "--", ...wanted];
  runTool("git", checkOut, "unpack llama.cpp", wayOut);
  return source;
}

/**
 * Linked to the package's libraries, which are found wherever the checkout is carried to.
 *
 * @param {string} libraries
 * @param {string} folder of the executable
 */
export function linkArguments(libraries, folder) {
  const origin = process.platform === "darwin" ? "@loader_path" : "$ORIGIN";
  return [
    ...linkedLibraries(libraries),
    "-pthread",
    `-Wl,-rpath,${origin}/${relative(folder, libraries)}`,
  ];
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} doing what for, behind "could not"
 * @param {string} wayOut
 */
export function runTool(program, args, doing, wayOut) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) {
    throw new LlmbenchError(
      "engine",
      `${program} could not start: ${error.message}; install it${wayOut}`,
    );
  }
  if (status === 0) return;
  const first = stderr.split("\n").find((line) => /error|fatal/i.test(line)) ?? "no message";
  throw new LlmbenchError("engine", `${program} could not ${doing}: ${first}${wayOut}`);
}
