// @ts-check
// Runs headers that were taken: llama.cpp may refuse them, or die of them, and llmbench says so in a row.
import { spawnSync } from "node:child_process";
import { rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomSource } from "../random.mjs";
import { damagedHeader } from "./headers.mjs";

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));

/** The quickest run there is. */
const flags =
  "-p 8 -n 0 -r 1 --launches 1 --warmup llama-bench -t 1 --device cpu --timeout 60 --no-lock";

/** Larger ones compute for minutes. */
const mostBytes = 50e6;

/**
 * @param {string} folder
 * @param {readonly number[]} seeds
 * @param {number} most
 */
export function runTaken(folder, seeds, most) {
  /** @type {string[]} */
  const failures = [];
  const counts = { measured: 0, failed: 0, refused: 0 };
  const path = join(folder, "model.gguf");
  const output = join(folder, "taken");
  for (const seed of seeds) {
    if (counts.measured + counts.failed + counts.refused >= most) break;
    const { header, fileBytes } = damagedHeader(randomSource(seed));
    if (fileBytes > mostBytes) continue;
    writeFileSync(path, header);
    truncateSync(path, fileBytes);
    rmSync(output, { recursive: true, force: true });
    const args = [cli, "-m", path, ...flags.split(" "), "--output-dir", output];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    if (status === 0) counts.measured += 1;
    else if (status === 1) counts.failed += 1;
    else if (status === 2) counts.refused += 1;
    if (![0, 1, 2].includes(status ?? -1) || /This is a bug|\n\s+at /u.test(stderr)) {
      failures.push(`run of header ${seed}: exit code ${status}: ${stderr}`);
    }
  }
  return { ...counts, failures };
}
