// @ts-check
// `npm run bench:rpc`: does llmbench measure over RPC servers what llama-bench measures over the same?
import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import { LlmbenchError } from "../dist/index.js";
import { namedLibraries, rpcLibrary } from "../dist/maintenance.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { exitCodeOf } from "./bench/comparedTests.mjs";
import { checkout } from "./bench/enginePackages.mjs";
import { measureParity, parityWork } from "./bench/parity.mjs";
import { parityTable } from "./bench/parityReport.mjs";

const help = `
bench:rpc: llmbench --rpc against llama-bench --rpc, the same two servers, file and libraries, in turn

  npm run bench:rpc -- [flags]

Starts two servers of this machine's CPU with a thread each, unless --rpc names others, and measures pp128 and tg64 of a 24M
Q4_0 model through them. Two servers that spin on two cores measure each other: one thread each, and nothing else running.

  --rpc LIST           servers that run already ("llmbench rpc"), in place of two of its own
  --model MODEL        [toy-24m]
  --rounds N           pairs of runs; an interval needs 6 [10]
  -r N                 repetitions in each run [10]
  --tolerance SHARE    how far from 1 the ratio may be [0.05]
  --no-lock            measure beside another run on this machine

Exit code 1 where an interval lies outside of what is allowed.
`;

/**
 * A server that answers, or fails.
 *
 * @param {number} port
 * @returns {Promise<import("node:child_process").ChildProcess>}
 */
function startServer(port) {
  const cli = join(checkout, "dist", "cli.js");
  const child = spawn(process.execPath, [cli, "rpc", "--port", String(port), "-t", "1"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding("utf8").on("data", (text) => {
      log += text;
      if (log.includes("lending ")) resolve(child);
    });
    child.once("exit", () => reject(new LlmbenchError("engine", log.trim())));
  });
}

await script("bench:rpc", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      rpc: text,
      model: text,
      rounds: text,
      tolerance: text,
      "no-lock": { type: "boolean" },
      repetitions: { type: "string", short: "r" },
    },
    help,
  );
  const ports = [50_152, 50_162];
  const own = flags.rpc === undefined ? await Promise.all(ports.map(startServer)) : [];
  try {
    const rpc = flags.rpc ?? ports.map((port) => `127.0.0.1:${port}`).join(",");
    const work = parityWork(
      flags.model ?? "toy-24m",
      { nPrompt: "128", nGen: "64" },
      "0",
      wholeNumber("repetitions", flags.repetitions, 10),
      share("tolerance", flags.tolerance, 0.05),
    );
    let backend = "";
    const result = await measureParity(work, {
      flags: [
        ["--rpc", rpc, "--no-baseline", "--threads", "1"],
        flags["no-lock"] === true ? ["--no-lock"] : [],
      ].flat(),
      rounds: wholeNumber("rounds", flags.rounds, 10),
      llamaBench: null,
      say: (line) => console.error(line),
      theirs: async (libraries) => {
        backend = await rpcLibrary(null, namedLibraries(libraries));
        return { args: ["-rpc", rpc], env: { GGML_BACKEND_PATH: backend } };
      },
    });
    // Both load the RPC backend: llmbench itself, and not by ggml's search, which alone is told of.
    for (const note of result.notes.filter((one) => !one.includes(basename(backend))))
      console.error(`not the same on both sides: ${note}`);
    console.log(parityTable([result]));
    return exitCodeOf(result.tests);
  } finally {
    for (const child of own) child.kill("SIGTERM");
  }
});
