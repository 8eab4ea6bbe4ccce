// @ts-check
// `npm run bench:write`: how long `llmbench synth` takes to write a file, against dd to the same disk.
import { open, rm, stat, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import { median } from "simple-statistics";
import { LlmbenchError } from "../dist/index.js";
import { formatBytes } from "../dist/maintenance.js";
import { lastLines, runToEnd } from "./bench/childOutput.mjs";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { checkout } from "./bench/enginePackages.mjs";
import { inTurn } from "./bench/rounds.mjs";

const help = `
bench:write: the whole command "llmbench synth" against dd, the same number of bytes to the same disk, in turn

  npm run bench:write -- [flags]

  --model MODEL   [7b], --quant QUANT [q4_k_m]: 4.1 GB
  --folder DIR    where to write; both files are removed [.]
  --rounds N      [3]

Both are timed until their bytes are on the disk (fsync). dd writes zeroes from /dev/zero in blocks of 8 MiB.
Exit code 1 where synth takes more than twice as long as dd.
`;

/** What is asked of synth. */
const allowedRatio = 2;
const blockBytes = 8 * 2 ** 20;

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} file what it writes
 * @returns {Promise<number>} seconds until it is on the disk
 */
async function timedWrite(program, args, file) {
  const started = performance.now();
  const { code, stderr } = await runToEnd(program, args);
  if (code !== 0) {
    throw new LlmbenchError("output", `${program} ended with ${code}:\n${lastLines(stderr)}`);
  }
  const handle = await open(file, "r+");
  await handle.sync();
  await handle.close();
  return (performance.now() - started) / 1000;
}

await script("bench:write", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags({ model: text, quant: text, folder: text, rounds: text }, help);
  if (process.platform === "win32")
    throw new LlmbenchError("usage", "Windows has no dd to compare with");
  const folder = resolve(flags.folder ?? ".");
  const [synthetic, zeroes] = [join(folder, "bench-write.gguf"), join(folder, "bench-write.dd")];
  const cli = join(checkout, "dist", "cli.js");
  const model = ["--model", flags.model ?? "7b", "--quant", flags.quant ?? "q4_k_m"];
  const synth = [cli, "synth", ...model, "-o", synthetic, "--force", "--yes", "--quiet"];
  try {
    console.error("first file, not counted");
    await timedWrite(process.execPath, synth, synthetic);
    const { size } = await stat(synthetic);
    const { bavail, bsize } = await statfs(folder);
    if (bavail * bsize < size) {
      throw new LlmbenchError("output", `${folder}: dd needs another ${formatBytes(size)}`);
    }
    const blocks = [`bs=${blockBytes}`, `count=${Math.ceil(size / blockBytes)}`];
    const pairs = await inTurn(
      wholeNumber("rounds", flags.rounds, 3),
      () => timedWrite(process.execPath, synth, synthetic),
      () => timedWrite("dd", ["if=/dev/zero", `of=${zeroes}`, ...blocks], zeroes),
      (round) => console.error(`round ${round}`),
    );
    const ratio = median(pairs.map(({ a, b }) => a / b));
    /** @param {number} seconds */
    const speed = (seconds) => `${seconds.toFixed(1)} s, ${(size / 1e6 / seconds).toFixed(0)} MB/s`;
    console.log(
      `${formatBytes(size)}: synth ${speed(median(pairs.map(({ a }) => a)))}; ` +
        `dd ${speed(median(pairs.map(({ b }) => b)))}; ratio ${ratio.toFixed(2)}, allowed ${allowedRatio}`,
    );
    return ratio > allowedRatio ? 1 : 0;
  } finally {
    for (const file of [synthetic, zeroes]) await rm(file, { force: true });
  }
});
