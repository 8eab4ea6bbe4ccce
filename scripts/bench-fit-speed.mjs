// @ts-check
// `npm run bench:fit-speed`: how long `llmbench fit` takes over many models, quantizations and machines, without any kept
// answer as with kept ones.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalogue, loadMachines } from "../dist/index.js";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";

const help = `
bench:fit-speed: times \`llmbench fit\` for 15 models at 8 quantizations on 40 machines

  npm run bench:fit-speed -- [flags]

  --runs N   how often, each with an empty cache [5]

Exit code 1 where the median takes 2 s.
`;

const mostSeconds = 2;
const quantizations = "q2_k,q3_k_m,q4_0,q4_k_m,q5_k_m,q6_k,q8_0,f16";

const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

/**
 * Evenly over the list, so that all families are among them.
 *
 * @param {readonly { id: string }[]} list
 * @param {number} count
 */
function spread(list, count) {
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]?.id);
}

await script("bench:fit-speed", async () => {
  const { runs: text } = readFlags({ runs: { type: "string" } }, help);
  const runs = wholeNumber("runs", text, 5);
  const models = spread(catalogue().models, 15).join(",");
  const machines = spread(loadMachines(), 40).join(",");
  const seconds = [];
  for (let run = 0; run < runs; run++) {
    const cache = mkdtempSync(join(tmpdir(), "llmbench-fit-speed-"));
    const began = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      [cli, "fit", "-m", models, "-q", quantizations, "--machine", machines],
      { env: { ...process.env, LLMBENCH_CACHE: cache }, encoding: "utf8", maxBuffer: 2 ** 26 },
    );
    seconds.push((performance.now() - began) / 1000);
    rmSync(cache, { recursive: true, force: true });
    if (status !== 0) throw new Error(stderr);
  }
  const sorted = seconds.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(runs / 2)] ?? NaN;
  console.log(
    `15 models × 8 quantizations × 40 machines: median ${median.toFixed(2)} s, ${sorted.map((one) => one.toFixed(2)).join(" ")}`,
  );
  return median < mostSeconds ? 0 : 1;
});
