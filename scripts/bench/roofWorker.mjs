// @ts-check
// llmbench's own passes, in bursts as bursts.h says: what a run times, in a process that waits for its turn.
//
//   node roofWorker.mjs QUESTION   as JSON, `RoofWorkerQuestion`
import { createInterface } from "node:readline";
import { openEngine, openRoof } from "../../dist/maintenance.js";

/**
 * @typedef {object} RoofWorkerQuestion
 * @property {import("../../dist/maintenance.js").FoundEngine} found
 * @property {import("../../dist/maintenance.js").RoofQuestion} question
 */

/** @type {RoofWorkerQuestion} */
const { found, question } = JSON.parse(process.argv[2] ?? "");
try {
  const engine = await openEngine("cpu", found);
  const { passes } = openRoof(engine, question);
  passes.begin(() => {});
  console.log("ready");
  for await (const line of createInterface({ input: process.stdin })) {
    const count = passes.filling(Number(line) * 1e9);
    const before = process.cpuUsage();
    const wallNs = passes.time(count);
    const { user, system } = process.cpuUsage(before);
    console.log(`${wallNs / count} ${((user + system) * 1000) / count}`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
