// @ts-check
// What roofline figures are held against: stream.c, and, built against the very libraries that llmbench measures with,
// roofline.c and llama.cpp's own test-backend-ops.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LlmbenchError } from "../../dist/index.js";
import { checkout, engineVersion } from "./enginePackages.mjs";
import { findCompiler, linkArguments, runTool, unpackSource } from "./llamaSource.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * @typedef {object} RoofPrograms
 * @property {(bytes: number) => string} streamOf stream.c, with arrays of so many bytes
 * @property {string} inC roofline.c
 * @property {string} backendOps test-backend-ops, measuring what llmbench does (`changes`)
 * @property {number} multiplication its number of that operation
 */

/** Of a number in stream.c. */
const streamBytes = 8;

/** Of their environment. glibc asks Linux for large pages then, as llmbench does; on other systems it says nothing. */
export const largePages = { GLIBC_TUNABLES: "glibc.malloc.hugetlb=1" };

/**
 * What test-backend-ops would else measure differently: with all threads; weights and activations whose blocks have scales
 * that are all nearly alike, since uniform numbers are quantized (a table of scales is read on x86, see roofline.c); a second
 * at a time, and not in turn with others.
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
#include "bursts.h"

struct roofline_work { ggml_backend_t backend; ggml_cgraph * graph; };

static void roofline_pass(void * work) {
    const roofline_work * computing = (const roofline_work *) work;
    GGML_ASSERT(ggml_backend_graph_compute(computing->backend, computing->graph) == GGML_STATUS_SUCCESS);
}

static void init_tensor_uniform(`,
  ],
  // A pass is one product: of a small one it would else be a thousand.
  ["target_flops_cpu =   8ULL * GFLOP;", "target_flops_cpu = 1;"],
  ["target_size_cpu =  8 * GB;", "target_size_cpu = 1;"],
  [
    "int64_t total_time_us = 0;",
    `roofline_work computing = { backend, gf };
        answer_bursts(roofline_pass, &computing, n_runs);
        return true;
        int64_t total_time_us = 0;`,
  ],
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
  const inC = join(folder, "roofline");
  const work = mkdtempSync(join(tmpdir(), "llmbench-roofline-"));
  try {
    const source = unpackSource(work, ["ggml/include", "tests/test-backend-ops.cpp"], "");
    const include = [`-I${join(source, "ggml/include")}`, `-I${here}`];
    const links = linkArguments(libraries, folder);
    const c = findCompiler([process.env["CC"] ?? "", "cc", "gcc", "clang"], "");
    /**
     * @param {string} name
     * @param {string} output
     * @param {readonly string[]} args
     */
    const compile = (name, output, args) => {
      say(`compiling ${name} with ${c}`);
      const all = ["-std=gnu11", "-O3", join(here, name), "-o", output, ...args];
      runTool(c, all, `build ${name}`, "");
    };
    compile("roofline.c", inC, [...include, ...links, "-lm"]);
    const text = changedBackendOps(source);
    const bursts = readFileSync(join(here, "bursts.h"), "utf8");
    const digest = createHash("sha256").update(text).update(bursts).digest("hex").slice(0, 12);
    const backendOps = join(folder, `test-backend-ops-${digest}`);
    if (!existsSync(backendOps)) buildBackendOps(text, work, include, links, backendOps, say);
    return {
      streamOf(bytes) {
        const output = join(folder, "stream");
        compile("stream.c", output, [`-DSTREAM_ARRAY_SIZE=${bytes / streamBytes}`]);
        return output;
      },
      inC,
      backendOps,
      multiplication: operationNumber(source, "GGML_OP_MUL_MAT"),
    };
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
 * @param {readonly string[]} include
 * @param {readonly string[]} links
 * @param {string} output
 * @param {(line: string) => void} say
 */
function buildBackendOps(text, folder, include, links, output, say) {
  const compiler = findCompiler([process.env["CXX"] ?? "", "c++", "g++", "clang++"], "");
  const file = join(folder, "test-backend-ops.cpp");
  writeFileSync(file, text);
  say(`compiling test-backend-ops with ${compiler}, a minute or two`);
  const args = ["-std=c++17", "-O1", "-DNDEBUG", ...include, file, ...links, "-o", output];
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
