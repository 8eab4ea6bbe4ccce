// @ts-check
// What roofline figures are held against, built against the very libraries that llmbench measures with: roofline.c, and
// llama.cpp's own test-backend-ops.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LlmbenchError } from "../../dist/index.js";
import { checkout, engineVersion } from "./enginePackages.mjs";
import { findCompiler, linkArguments, runTool, unpackSource } from "./llamaSource.mjs";

const program = fileURLToPath(new URL("roofline.c", import.meta.url));

/**
 * @typedef {object} RoofPrograms
 * @property {string} ours roofline.c
 * @property {string} backendOps test-backend-ops, on one thread
 * @property {number} multiplication its number of that operation
 */

/**
 * Built anew each time but for test-backend-ops, which takes a minute or two.
 *
 * @param {string} libraries folder of the package's shared libraries
 * @param {(line: string) => void} say
 * @returns {RoofPrograms}
 * @throws {LlmbenchError} `engine` where git or a compiler is missing, or refuses
 */
export function buildRoofPrograms(libraries, say) {
  if (process.platform === "win32")
    throw new LlmbenchError("engine", "bench:roofline needs POSIX clocks: run it elsewhere");
  const folder = join(checkout, ".bench", `roofline-${engineVersion()}`, basename(libraries));
  mkdirSync(folder, { recursive: true });
  const [ours, backendOps] = [join(folder, "roofline"), join(folder, "test-backend-ops")];
  const work = mkdtempSync(join(tmpdir(), "llmbench-roofline-"));
  try {
    const source = unpackSource(work, ["ggml/include", "tests/test-backend-ops.cpp"], "");
    const include = `-I${join(source, "ggml/include")}`;
    const links = linkArguments(libraries, folder);
    const c = findCompiler([process.env["CC"] ?? "", "cc", "gcc", "clang"], "");
    say(`compiling ${basename(program)} with ${c}`);
    const own = ["-std=gnu11", "-O3", include, program, ...links, "-lm", "-o", ours];
    runTool(c, own, "build roofline.c", "");
    if (!existsSync(backendOps)) buildBackendOps(source, include, links, backendOps, say);
    return { ours, backendOps, multiplication: operationNumber(source, "GGML_OP_MUL_MAT") };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} source
 * @param {string} include
 * @param {readonly string[]} links
 * @param {string} output
 * @param {(line: string) => void} say
 */
function buildBackendOps(source, include, links, output, say) {
  const compiler = findCompiler([process.env["CXX"] ?? "", "c++", "g++", "clang++"], "");
  const file = join(source, "tests/test-backend-ops.cpp");
  const text = readFileSync(file, "utf8");
  const all = "std::thread::hardware_concurrency()";
  if (!text.includes(all)) throw new LlmbenchError("engine", `${file}: knows no ${all}`);
  writeFileSync(file, text.replaceAll(all, "1"));
  say(`compiling test-backend-ops with ${compiler}, a minute or two`);
  const args = ["-std=c++17", "-O1", "-DNDEBUG", include, file, ...links, "-o", output];
  runTool(compiler, args, "build test-backend-ops", "");
}

/**
 * @param {string} source
 * @param {string} name
 */
function operationNumber(source, name) {
  const header = readFileSync(join(source, "ggml/include/ggml.h"), "utf8");
  const [, body = ""] = /enum ggml_op \{([^}]*)\}/.exec(header) ?? [];
  const number = [...body.matchAll(/\bGGML_OP_\w+/g)].findIndex(([found]) => found === name);
  if (number === -1) throw new LlmbenchError("engine", `ggml.h knows no ${name}`);
  return number;
}
