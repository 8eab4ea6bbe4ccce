// @ts-check
// What roofline figures are held against, built against the very libraries that llmbench measures with: roofline.c, and
// llama.cpp's own test-backend-ops.
import { createHash } from "node:crypto";
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
 * @property {string} backendOps test-backend-ops, measuring what llmbench does (`changes`)
 * @property {number} multiplication its number of that operation
 */

/** Of their environment. glibc asks Linux for large pages then, as llmbench does; on other systems it says nothing. */
export const largePages = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

/** With this in its environment test-backend-ops tells processor time. */
export const processorTime = { ROOFLINE_CLOCK: "processor" };

/**
 * What test-backend-ops would else measure differently: with all threads; weights and activations whose blocks have scales
 * that are all nearly alike, since uniform numbers are quantized (a table of scales is read on x86, see roofline.c); by the
 * wall clock alone.
 *
 * @type {readonly (readonly [from: string, to: string])[]}
 */
const changes = [
  ["std::thread::hardware_concurrency()", "1"],
  [
    "                data[i] = distribution(gen);",
    `                const int64_t block = ggml_blck_size(tensor->type);
                static thread_local float factor = 1.0f;
                if (block > 1 && i % block == 0) {
                    std::normal_distribution<float> normal(0.0f, block >= 256 ? 0.23f : 0.33f);
                    factor = std::exp(normal(gen));
                }
                static thread_local std::normal_distribution<float> activations(0.0f, 1.0f);
                data[i] = block > 1 ? factor * distribution(gen) : activations(gen);`,
  ],
  [
    "static void init_tensor_uniform(",
    `#include <cmath>
static int64_t roofline_time_us() {
    static const bool of_processor = std::getenv("ROOFLINE_CLOCK") != nullptr;
    return of_processor ? (int64_t) std::clock() * 1000000 / CLOCKS_PER_SEC : ggml_time_us();
}

static void init_tensor_uniform(`,
  ],
  ["int64_t start_time = ggml_time_us();", "int64_t start_time = roofline_time_us();"],
  ["int64_t end_time = ggml_time_us();", "int64_t end_time = roofline_time_us();"],
];

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
  const ours = join(folder, "roofline");
  const work = mkdtempSync(join(tmpdir(), "llmbench-roofline-"));
  try {
    const source = unpackSource(work, ["ggml/include", "tests/test-backend-ops.cpp"], "");
    const include = `-I${join(source, "ggml/include")}`;
    const links = linkArguments(libraries, folder);
    const c = findCompiler([process.env["CC"] ?? "", "cc", "gcc", "clang"], "");
    say(`compiling ${basename(program)} with ${c}`);
    const own = ["-std=gnu11", "-O3", include, program, ...links, "-lm", "-o", ours];
    runTool(c, own, "build roofline.c", "");
    const text = changedBackendOps(source);
    const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
    const backendOps = join(folder, `test-backend-ops-${digest}`);
    if (!existsSync(backendOps)) buildBackendOps(text, work, include, links, backendOps, say);
    return { ours, backendOps, multiplication: operationNumber(source, "GGML_OP_MUL_MAT") };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {string} source
 * @throws {LlmbenchError} `engine` where it isn't the source that the changes are for
 */
function changedBackendOps(source) {
  const file = join(source, "tests/test-backend-ops.cpp");
  let text = readFileSync(file, "utf8");
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new LlmbenchError("engine", `${file}: knows no ${from}`);
    text = text.replaceAll(from, () => to);
  }
  return text;
}

/**
 * @param {string} text
 * @param {string} folder
 * @param {string} include
 * @param {readonly string[]} links
 * @param {string} output
 * @param {(line: string) => void} say
 */
function buildBackendOps(text, folder, include, links, output, say) {
  const compiler = findCompiler([process.env["CXX"] ?? "", "c++", "g++", "clang++"], "");
  const file = join(folder, "test-backend-ops.cpp");
  writeFileSync(file, text);
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
