// @ts-check
// `npm run bench:pull`: a model of six parts from a server on this machine, pulled by llmbench and by curl in turn.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { FaultyServer, modelBytes } from "./chaos/faultyServer.mjs";

const help = `
bench:pull: pulls a model of six parts from a server on this machine, in turn with curl, six connections each. llmbench
also digests, syncs and renames; curl only writes. The time of each, and the ratio of the medians.

  npm run bench:pull -- [flags]

  --mib N      size of each part [256]
  --rounds N   turns [5]
`;

const parts = 6;
const cli = fileURLToPath(new URL("../dist/cli.js", import.meta.url));

await script("bench:pull", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags({ mib: text, rounds: text }, help);
  const bytes = modelBytes("bench", wholeNumber("mib", flags.mib, 256) * 2 ** 20);
  const rounds = wholeNumber("rounds", flags.rounds, 5);
  const paths = Array.from(
    { length: parts },
    (_, part) => `lab/large/large-Q4_0-0000${part + 1}-of-0000${parts}.gguf`,
  );
  const server = await new FaultyServer(
    Object.fromEntries(paths.map((path) => [path, bytes])),
  ).listen();
  const folder = mkdtempSync(join(tmpdir(), "llmbench bench pull "));
  /** @type {{ curl: number[], llmbench: number[] }} */
  const seconds = { curl: [], llmbench: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      const cache = join(folder, String(round));
      const env = { HF_ENDPOINT: server.endpoint, LLMBENCH_CACHE: cache, HF_TOKEN: "none" };
      const pull = ["pull", "hf:lab/large", "--parallel", String(parts), "--quiet", "--yes"];
      seconds.llmbench.push(await timed(process.execPath, [cli, ...pull], env));
      const urls = paths.flatMap((path, part) => [
        "--output",
        join(folder, `${round}-${part}`),
        server.endpoint + path.replace("lab/large/", "/lab/large/resolve/main/"),
      ]);
      const curl = [
        "--no-progress-meter",
        "--location",
        "--parallel",
        "--parallel-max",
        String(parts),
      ];
      seconds.curl.push(await timed("curl", [...curl, ...urls], {}));
      rmSync(folder, { recursive: true, force: true });
    }
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const ratio = median(seconds.llmbench) / median(seconds.curl);
  for (const [name, all] of Object.entries(seconds)) {
    console.log(`${name}: ${all.map((one) => one.toFixed(2)).join(", ")} s`);
  }
  console.log(`llmbench takes ${ratio.toFixed(2)} times as long as curl`);
  return 0;
});

/** @param {string} command @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
async function timed(command, args, env) {
  const began = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve, reject) =>
    child.on("close", resolve).on("error", reject),
  );
  if (code !== 0) throw new Error(`${command} ended with ${code}`);
  return (performance.now() - began) / 1000;
}

/** @param {readonly number[]} values */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
