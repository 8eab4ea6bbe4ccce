// @ts-check
// `npm run bench:journal`: how long, and with how much memory, a large journal is read, summarized and reported.
import { execFileSync, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";

const help = `
bench:journal: measures a small run, multiplies its cases and their launches, and times \`llmbench report\` on the journal

  npm run bench:journal -- [flags]

  --cases N   [100000]

Exit code 1 where it takes 5 s of processor time, or 500 MB.
`;

const mostSeconds = 5;
const mostMegabytes = 500;

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));
const flags =
  "-m toy-4m -q q4_0,f16 -p 16 -n 4 -r 5 --launches 2 -t 1 --device cpu --no-lock --quiet";

/** Says on stderr, last, what the process took. */
const usage = `data:text/javascript,process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  process.stderr.write((user + system) + " " + process.resourceUsage().maxRSS);
});`;

/** @param {number} index */
const id = (index) => index.toString(16).padStart(16, "0");

/**
 * @param {string} folder
 * @param {number} cases
 */
function multiply(folder, cases) {
  const path = join(folder, "results.jsonl");
  const lines = readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const run = lines.find(({ type }) => type === "run");
  const measured = lines.filter(({ type }) => type === "case");
  const launches = lines.filter(({ type }) => type === "launch");
  const planned = Array.from({ length: cases }, (_, index) => {
    const [one] = run.plan;
    return { ...one, case_id: id(index) };
  });
  const file = openSync(path, "w");
  writeSync(file, `${JSON.stringify({ ...run, plan: planned })}\n`);
  for (let index = 0; index < cases; index++) {
    const result = measured[index % measured.length];
    const changes = { case_id: id(index), seed: index };
    for (const line of launches.filter((one) => one.result.case_id === result.case_id)) {
      const launched = { ...line, result: { ...line.result, ...changes } };
      writeSync(file, `${JSON.stringify(launched)}\n`);
    }
    writeSync(file, `${JSON.stringify({ ...result, ...changes })}\n`);
  }
  closeSync(file);
  return statSync(path).size;
}

await script("bench:journal", async () => {
  const { cases: text } = readFlags({ cases: { type: "string" } }, help);
  const cases = wholeNumber("cases", text, 100_000);
  const folder = mkdtempSync(join(tmpdir(), "llmbench-journal-"));
  try {
    execFileSync(process.execPath, [cli, ...flags.split(" "), "--output-dir", folder]);
    const bytes = multiply(folder, cases);
    const began = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", usage, cli, "report", folder],
      { encoding: "utf8" },
    );
    const wall = (performance.now() - began) / 1000;
    if (status !== 0) throw new Error(stderr);
    const [cpu = 0, kilobytes = 0] = (stderr.split("\n").at(-1) ?? "").split(" ").map(Number);
    const [seconds, megabytes] = [cpu / 1e6, (kilobytes * 1024) / 1e6];
    console.log(
      `${cases} cases (${(bytes / 1e6).toFixed()} MB) read, summarized and reported in ${wall.toFixed(1)} s, ` +
        `${seconds.toFixed(1)} s of processor time, ${megabytes.toFixed()} MB`,
    );
    return seconds > mostSeconds || megabytes > mostMegabytes ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
