// @ts-check
// Builds llama-bench against the very libraries that llmbench measures with: its own two files are compiled, from the
// source that node-llama-cpp ships, and linked to the package's shared libraries.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import { checkout, engineVersion, linkedLibraries, sourceBundle } from "./enginePackages.mjs";

const wayOut = "or name a llama-bench of your own with --llama-bench FILE";

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
  const compiler = findCompiler();
  const work = mkdtempSync(join(tmpdir(), "llmbench-llama-bench-"));
  try {
    say(`unpacking llama.cpp's source (${basename(sourceBundle)})`);
    const source = unpackSource(work);
    say(`compiling llama-bench with ${compiler} against ${relative(checkout, libraries)}`);
    const folder = join(target, "..");
    mkdirSync(folder, { recursive: true });
    const built = join(folder, `llama-bench.${process.pid}`);
    run(compiler, compilerArguments(source, libraries, folder, built));
    renameSync(built, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function findCompiler() {
  const tried = [process.env["CXX"] ?? "", "c++", "g++", "clang++"].filter((name) => name !== "");
  const found = tried.find((name) => spawnSync(name, ["--version"]).status === 0);
  if (found !== undefined) return found;
  throw new LlmbenchError(
    "engine",
    `no C++ compiler (tried ${tried.join(", ")}): install one (Debian: g++; macOS: xcode-select --install), ${wayOut}`,
  );
}

/** @param {string} work */
function unpackSource(work) {
  if (!existsSync(sourceBundle)) {
    throw new LlmbenchError("engine", `${sourceBundle} is missing; run "npm ci", ${wayOut}`);
  }
  const source = join(work, "llama.cpp");
  run("git", ["clone", "--quiet", "--no-checkout", "--depth", "1", sourceBundle, source]);
  const wanted = [...includes, "tools/llama-bench"];
  run("git", ["-C", source, "checkout", "--quiet", "HEAD", "--", ...wanted]);
  return source;
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
  const origin = process.platform === "darwin" ? "@loader_path" : "$ORIGIN";
  return [
    "-std=c++17",
    "-O3",
    "-DNDEBUG",
    ...includes.map((path) => `-I${join(source, path)}`),
    join(source, "tools/llama-bench/llama-bench.cpp"),
    join(source, "tools/llama-bench/main.cpp"),
    ...linkedLibraries(libraries),
    "-pthread",
    // Relative: the executable finds the libraries wherever the checkout is carried to.
    `-Wl,-rpath,${origin}/${relative(folder, libraries)}`,
    "-o",
    output,
  ];
}

/**
 * @param {string} program
 * @param {readonly string[]} args
 */
function run(program, args) {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (error !== undefined) {
    throw new LlmbenchError(
      "engine",
      `${program} could not start: ${error.message}; install it, ${wayOut}`,
    );
  }
  if (status === 0) return;
  const first = stderr.split("\n").find((line) => /error|fatal/i.test(line)) ?? "no message";
  throw new LlmbenchError("engine", `${program} could not build llama-bench: ${first}; ${wayOut}`);
}
