// @ts-check
// Builds llama-bench against the very libraries that llmbench measures with: its own two files are compiled, from the
// source that node-llama-cpp ships, and linked to the package's shared libraries.
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import { checkout, engineVersion, sourceBundle } from "./enginePackages.mjs";
import { findCompiler, linkArguments, runTool, unpackSource } from "./llamaSource.mjs";

const wayOut = ", or name a llama-bench of your own with --llama-bench FILE";

/** Folders of the source that llama-bench's two files include from. */
const includes = ["include", "ggml/include", "common", "vendor"];

/**
 * Where the executable for a folder of libraries stands. Kept in the checkout, so that it travels with it.
 *
 * @param {string} libraries
 */
export function llamaBenchPath(libraries) {
  return join(
    checkout,
    ".bench",
    `llama-bench-${engineVersion()}`,
    basename(libraries),
    "llama-bench",
  );
}

/**
 * The executable, built where it isn't yet.
 *
 * @param {string} libraries folder of the package's shared libraries
 * @param {(line: string) => void} say
 * @throws {LlmbenchError} `engine` where git or a compiler is missing, or refuses
 */
export function buildLlamaBench(libraries, say) {
  const target = llamaBenchPath(libraries);
  if (existsSync(target)) return target;
  if (process.platform === "win32") {
    throw new LlmbenchError(
      "engine",
      "on Windows llama-bench can't be built against the package's libraries, which come without import libraries; " +
        "download llama.cpp v0.4.0's own and name it with --llama-bench FILE",
    );
  }
  const compiler = findCompiler([process.env["CXX"] ?? "", "c++", "g++", "clang++"], wayOut);
  const work = mkdtempSync(join(tmpdir(), "llmbench-llama-bench-"));
  try {
    say(`unpacking llama.cpp's source (${basename(sourceBundle)})`);
    const source = unpackSource(work, [...includes, "tools/llama-bench"], wayOut);
    say(`compiling llama-bench with ${compiler} against ${relative(checkout, libraries)}`);
    const folder = join(target, "..");
    mkdirSync(folder, { recursive: true });
    const built = join(folder, `llama-bench.${process.pid}`);
    const args = compilerArguments(source, libraries, folder, built);
    runTool(compiler, args, "build llama-bench", wayOut);
    renameSync(built, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * As llama.cpp's own release build: optimised, assertions off.
 *
 * @param {string} source
 * @param {string} libraries
 * @param {string} folder of the executable
 * @param {string} output
 */
function compilerArguments(source, libraries, folder, output) {
  return [
    "-std=c++17",
    "-O3",
    "-DNDEBUG",
    ...includes.map((path) => `-I${join(source, path)}`),
    join(source, "tools/llama-bench/llama-bench.cpp"),
    join(source, "tools/llama-bench/main.cpp"),
    ...linkArguments(libraries, folder),
    "-o",
    output,
  ];
}
