// @ts-check
// Runs llama-bench and reads what it measured.
import { basename, dirname } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import { importForeign } from "../../dist/maintenance.js";
import { lastLines, runToEnd } from "./childOutput.mjs";

/**
 * @typedef {import("../../dist/index.js").CaseRecord} CaseRecord
 * @typedef {{ cases: readonly CaseRecord[], wallMs: number, cpuMs: number | null, backends: readonly string[] }} LlamaBenchRun
 */

/**
 * @param {string} executable
 * @param {readonly string[]} args
 * @param {readonly string[]} libraries absolute paths of those that llmbench loaded
 * @param {{ before?: readonly string[], env?: NodeJS.ProcessEnv }} [around] what stands before the command, and what its
 *   environment has besides
 * @returns {Promise<LlamaBenchRun>}
 */
export async function runLlamaBench(executable, args, libraries, { before = [], env = {} } = {}) {
  const [program, ...words] = [...before, executable, ...args, "-o", "jsonl"];
  const { code, stdout, stderr, wallMs, cpuMs } = await runToEnd(program, words, {
    // llama.cpp looks for its backends beside the executable and in the working directory.
    cwd: librariesFolderOf(libraries),
    env: { ...environment(libraries), ...env },
  });
  const read = importForeign(stdout, executable, {
    fallbackMachine: "this-machine",
    knownModels: [],
  });
  if (code !== 0 || read === null) {
    throw new LlmbenchError("engine", `llama-bench ended with ${code}:\n${lastLines(stderr)}`);
  }
  const cases = read.cases.map(({ record }) => record);
  return { cases, wallMs, cpuMs, backends: loadedBackends(stderr) };
}

/**
 * The folder of the package that llmbench loaded.
 *
 * @param {readonly string[]} libraries
 */
export function librariesFolderOf(libraries) {
  const base = libraries.find((path) => /ggml-base\./.test(basename(path)));
  if (base !== undefined) return dirname(base);
  throw new LlmbenchError(
    "engine",
    `no ggml-base among llmbench's libraries: ${libraries.join(", ")}`,
  );
}

/**
 * A driver too old for the package's CUDA library makes node-llama-cpp take another one, from a folder of its own.
 *
 * @param {readonly string[]} libraries
 */
function environment(libraries) {
  const fallback = libraries.find((path) => basename(dirname(path)) === "fallback");
  return fallback === undefined ? process.env : { ...process.env, GGML_BACKEND_PATH: fallback };
}

/**
 * Files of the backends that llama.cpp says it loaded.
 *
 * @param {string} log
 */
export function loadedBackends(log) {
  const loaded = log.matchAll(/^load_backend: loaded \S+ backend from (.+)$/gm);
  return [...new Set([...loaded].map(([, path = ""]) => basename(path.trim())))];
}

/**
 * What is not the same on both sides, in words; empty where parity means what it says.
 *
 * @param {LlamaBenchRun} theirs
 * @param {{ cases: readonly CaseRecord[], libraries: readonly string[] }} ours
 */
export function differences(theirs, ours) {
  const [their, our] = [theirs.cases[0], ours.cases[0]];
  const names = new Set(ours.libraries.map((path) => basename(path)));
  const foreign = theirs.backends.filter((name) => !names.has(name));
  const lines = [];
  const [theirBuild, ourBuild] = [their?.engine.commit, our?.engine.commit];
  if (theirBuild !== ourBuild)
    lines.push(`llama-bench is build ${theirBuild}, llmbench's llama.cpp ${ourBuild}`);
  const [theirBytes, ourBytes] = [their?.model.bytes, our?.model.bytes];
  if (theirBytes !== ourBytes)
    lines.push(`llama-bench counts ${theirBytes} bytes of weights, llmbench ${ourBytes}`);
  if (foreign.length > 0) lines.push(`llama-bench loaded ${foreign.join(", ")}, llmbench did not`);
  return lines;
}
