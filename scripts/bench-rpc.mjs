// @ts-check
// `npm run bench:rpc`: does llmbench measure over RPC servers what llama-bench measures over the same?
import { basename } from "node:path";
import { namedLibraries, rpcLibrary } from "../dist/maintenance.js";
import { readFlags, script, share, wholeNumber } from "./bench/commandLine.mjs";
import { exitCodeOf } from "./bench/comparedTests.mjs";
import { endServers, pinned, startServer } from "./bench/link/servers.mjs";
import { measureParity, parityWork } from "./bench/parity.mjs";
import { parityTable } from "./bench/parityReport.mjs";

const help = `
bench:rpc: llmbench --rpc against llama-bench --rpc, the same two servers, file and libraries, in turn

  npm run bench:rpc -- [flags]

Starts two servers of this machine's CPU with a thread and a processor each, unless --rpc names others, and measures pp64 and
tg16 of a 350M Q4_0 model through them, both sides on the first processor. Of each run the median of its repetitions counts.
About 10 minutes; nothing else should be running.

  --rpc LIST           servers that run already ("llmbench rpc"), in place of two of its own
  --model MODEL        [toy-350m]
  -p, -n N             prompt and generated tokens [64] [16]
  --rounds N           pairs of runs; an interval needs 6 [30]
  -r N                 repetitions in each run [5]
  --tolerance SHARE    how far from 1 the ratio may be [0.05]
  --any-processor      keep nobody on a processor
  --no-lock            measure beside another run on this machine

Exit code 1 where an interval lies outside of what is allowed.
`;

await script("bench:rpc", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      rpc: text,
      model: text,
      rounds: text,
      tolerance: text,
      "any-processor": { type: "boolean" },
      "no-lock": { type: "boolean" },
      "n-prompt": { type: "string", short: "p" },
      "n-gen": { type: "string", short: "n" },
      repetitions: { type: "string", short: "r" },
    },
    help,
  );
  const ports = [50_152, 50_162];
  const before = flags["any-processor"] === true ? [] : pinned(0);
  const own =
    flags.rpc === undefined
      ? await Promise.all(
          ports.map((port, number) =>
            startServer({ port, ...(before.length === 0 ? {} : { number }) }),
          ),
        )
      : [];
  try {
    const rpc = flags.rpc ?? ports.map((port) => `127.0.0.1:${port}`).join(",");
    const work = parityWork(
      flags.model ?? "toy-350m",
      { nPrompt: flags["n-prompt"] ?? "64", nGen: flags["n-gen"] ?? "16" },
      "0",
      wholeNumber("repetitions", flags.repetitions, 5),
      share("tolerance", flags.tolerance, 0.05),
    );
    let backend = "";
    const result = await measureParity(work, {
      flags: [
        // As llama-bench loads a file by itself.
        ["--rpc", rpc, "--no-baseline", "--threads", "1", "--load-mode", "mmap"],
        flags["no-lock"] === true ? ["--no-lock"] : [],
      ].flat(),
      before,
      centre: "median",
      rounds: wholeNumber("rounds", flags.rounds, 30),
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
    await endServers(own);
  }
});
