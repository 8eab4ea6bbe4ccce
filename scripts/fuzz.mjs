// @ts-check
// `npm run fuzz`: damages GGUF headers and result files, and looks whether each is taken or refused in a line.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { judgeAll, mostBytes, mostCpuMs } from "./fuzz/batches.mjs";
import { runTaken } from "./fuzz/runTaken.mjs";

const help = `
fuzz: damages GGUF headers and result files at random, and has llmbench read each. It must take it, or refuse it in a line
or two without control characters; never show a stack, take 2 s of processor time or 300 MB; and what it makes of a file
that it took must hold no foreign HTML and no formula.

  npm run fuzz -- [flags]

  --runs N      GGUF headers [2000]
  --results N   result files [a tenth of the headers]
  --run N       taken headers that are run too: llama.cpp may refuse them or die, in a row of its own [a hundredth]
  --seed N      the first file's; a failure names its own [1]

Exit code 1 where anything else happened.
`;

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/** A small run, whose files are damaged. @param {string} folder */
function makeRun(folder) {
  const run = join(folder, "run");
  const flags =
    "-m toy-4m -q q4_0,f16 -p 16 -n 4 -r 2 --launches 2 -t 1 --device cpu --no-lock --quiet";
  execFileSync(process.execPath, [cli, ...flags.split(" "), "--output-dir", run]);
  for (const format of ["json", "jsonl"]) {
    const printed = execFileSync(process.execPath, [cli, "report", run, "-o", format]);
    writeFileSync(join(run, `cases.${format}`), printed);
  }
  return run;
}

/**
 * @param {string} what
 * @param {import("./fuzz/batches.mjs").Outcome} outcome
 */
function said(what, { files, taken, refused, maxBytes, maxCpuMs }) {
  return `${files} ${what}: ${taken.length} taken, ${refused} refused; the longest took ${Math.round(maxCpuMs)} ms, all at most ${Math.round(maxBytes / 1e6)} MB`;
}

await script("fuzz", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags({ runs: text, results: text, run: text, seed: text }, help);
  const runs = wholeNumber("runs", flags.runs, 2000, 0);
  const files = wholeNumber("results", flags.results, Math.ceil(runs / 10), 0);
  const first = wholeNumber("seed", flags.seed, 1);
  const folder = mkdtempSync(join(tmpdir(), "llmbench fuzz "));
  try {
    const headers = await judgeAll({ kind: "headers", first, run: "" }, runs);
    console.log(said("headers", headers));
    const run = files === 0 ? "" : makeRun(folder);
    const results = await judgeAll({ kind: "results", first, run }, files);
    console.log(said("result files", results));
    const most = wholeNumber("run", flags.run, Math.ceil(runs / 100), 0);
    const ran = runTaken(folder, headers.taken, most);
    console.log(
      `taken headers run: ${ran.measured} measured, ${ran.failed} failed, ${ran.refused} refused`,
    );
    const failures = [...ran.failures, ...headers.failures, ...results.failures];
    for (const failure of failures) console.error(failure);
    if (failures.length === 0) {
      console.log(`none showed a stack, took ${mostCpuMs / 1000} s or ${mostBytes / 1e6} MB`);
    }
    return failures.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
