// @ts-check
// Starts workers, and ends those that hang.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** @typedef {import("./worker.mjs").Batch} Batch */
/** @typedef {import("./worker.mjs").Report} Report */
/** @typedef {{ files: number, taken: number[], refused: number, maxBytes: number, maxCpuMs: number, failures: string[] }} Outcome */

const worker = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** What one file may take: of a processor's time, and of memory with all of llmbench. */
export const mostCpuMs = 2000;
export const mostBytes = 300e6;

/** On a machine that does other things too. */
const mostSilentMs = 30_000;

/** Files that one process judges: memory that leaks would show. */
const batchSize = 500;

/**
 * @param {Omit<Batch, "count">} from
 * @param {number} files
 * @returns {Promise<Outcome>}
 */
export async function judgeAll(from, files) {
  /** @type {Outcome} */
  const all = { files, taken: [], refused: 0, maxBytes: 0, maxCpuMs: 0, failures: [] };
  const end = from.first + files;
  for (let first = from.first; first < end;) {
    first = await judgeBatch({ ...from, first, count: Math.min(batchSize, end - first) }, all);
  }
  if (all.maxCpuMs > mostCpuMs) all.failures.push(`a file took ${Math.round(all.maxCpuMs)} ms`);
  if (all.maxBytes > mostBytes)
    all.failures.push(`a file took ${Math.round(all.maxBytes / 1e6)} MB`);
  return all;
}

/**
 * @param {Batch} batch
 * @param {Outcome} all
 * @returns {Promise<number>} where to go on: behind the batch, or behind the file that ended its process
 */
function judgeBatch(batch, all) {
  return new Promise((resolve) => {
    const child = fork(worker, [JSON.stringify(batch)]);
    let [seed, done] = [batch.first, false];
    const hang = () => child.kill("SIGKILL");
    let timer = setTimeout(hang, mostSilentMs);
    child.on("message", (message) => {
      const report = /** @type {Report} */ (message);
      clearTimeout(timer);
      if (report.type === "at") {
        seed = report.seed;
        timer = setTimeout(hang, mostSilentMs);
      } else if (report.type === "taken") {
        all.taken.push(report.seed);
        timer = setTimeout(hang, mostSilentMs);
      } else if (report.type === "failed") {
        all.failures.push(`${batch.kind} ${report.seed}: ${report.message}`);
      } else {
        done = true;
        all.refused += report.refused;
        all.maxBytes = Math.max(all.maxBytes, report.maxBytes);
        all.maxCpuMs = Math.max(all.maxCpuMs, report.maxCpuMs);
      }
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      if (!done) all.failures.push(`${batch.kind} ${seed}: ended by ${signal ?? code}`);
      resolve(done ? batch.first + batch.count : seed + 1);
    });
  });
}
