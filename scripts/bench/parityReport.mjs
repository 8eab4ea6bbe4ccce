// @ts-check
// What the parity bench prints.
import { markdownTable } from "markdown-table";
import { median } from "simple-statistics";
import { comparedCells, ratioColumns } from "./comparedTests.mjs";

/** @typedef {import("./parity.mjs").ParityResult} ParityResult */

/** @param {readonly ParityResult[]} results */
export function parityTable(results) {
  const head = ["model", "backend", "ngl", "threads", "test", "llama-bench t/s", "llmbench t/s"];
  const rows = results.flatMap(({ model, quantization, backend, gpuLayers, threads, tests }) =>
    tests.map((test) => [
      [model, quantization].filter((part) => part !== null).join(" "),
      backend,
      String(gpuLayers ?? ""),
      String(threads ?? ""),
      ...comparedCells(test),
    ]),
  );
  return markdownTable([[...head, ...ratioColumns], ...rows]);
}

/**
 * The harness's own cost: whole commands from start to end, the process's start and the report included.
 *
 * @param {ParityResult} result
 */
export function wallLine({ model, commands }) {
  const [ours, theirs] = [medianSeconds(commands.ours), medianSeconds(commands.theirs)];
  const ratio = (ours / theirs).toFixed(2);
  return `${model}: the whole command takes llmbench ${ours.toFixed(1)} s, llama-bench ${theirs.toFixed(1)} s (${ratio} times)`;
}

/** @param {readonly import("./overhead.mjs").WholeCommand[]} commands */
function medianSeconds(commands) {
  return median(commands.map(({ wallMs }) => wallMs)) / 1000;
}
