// @ts-check
// `npm run bench:link`: is a link measured as it was set, and decode over it predicted as it is measured?
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { median } from "simple-statistics";
import { namedLibraries, rpcLibrary } from "../dist/maintenance.js";
import { readFlags, script, wholeNumber } from "./bench/commandLine.mjs";
import { cableLack, dataShare, layCable } from "./bench/link/namespaces.mjs";
import { openRelay } from "./bench/link/relay.mjs";
import { endServers, pinned, startServer } from "./bench/link/servers.mjs";
import { requireMeasured, runLlmbench } from "./bench/llmbench.mjs";

/**
 * @typedef {object} LinkSetting
 * @property {string} name
 * @property {number} [delayMs] of a round trip, by a relay
 * @property {number} [megabits] of the wire, by a token bucket on a cable between two network namespaces
 *
 * @typedef {{ linkMs: number, linkGbps: number, measured: number, predicted: number, turns: number, bytes: number }} Seen
 */

const help = `
bench:link: two RPC servers behind links that are set: is each measured as it is, and decode predicted as it is measured?

  npm run bench:link -- [flags]

Two servers of this machine's CPU, a thread and a processor each. Delays come from a relay, rates from token buckets on a cable
between two network namespaces (Linux and root; left out elsewhere, with the reason). Predicted is predicted_ts: told before
the measurement, from the link and from what a processor did alone.

  --model MODEL        [toy-350m]
  --rounds N           runs over each link, in turn [3]
  -n N                 generated tokens [32]
  -r N                 repetitions in each run [5]
  --no-lock            measure beside another run on this machine

Exit code 1 where a link is measured more than 10% off, or decode predicted more than 15% off.
`;

/** @type {readonly LinkSetting[]} */
const settings = [
  { name: "no delay", delayMs: 0 },
  { name: "1 ms", delayMs: 1 },
  { name: "5 ms", delayMs: 5 },
  { name: "1 Gbit/s", megabits: 1000 },
  { name: "100 Mbit/s", megabits: 100 },
];

const linkTolerance = 0.1;
const speedTolerance = 0.15;

/** Of the servers; relays stand before them at the next free pairs. */
const ports = [50_252, 50_262];
const relayPorts = [50_352, 50_362];

/** @param {number} port */
const local = (port) => ({ host: "127.0.0.1", port });

/**
 * Opens the way to the servers, as a run's `--rpc` and what stands before its command.
 *
 * @param {LinkSetting} setting
 * @param {{ library: string, env: NodeJS.ProcessEnv }} common
 * @param {(way: { rpc: string, before: readonly string[] }) => Promise<void>} use
 */
async function withLink({ delayMs, megabits }, { library, env }, use) {
  /** @param {Partial<import("./bench/link/servers.mjs").ServerOptions>} more */
  const start = async (more) => {
    const started = [];
    // In turn: at first each measures what its processor can do.
    for (const [number, port] of ports.entries()) {
      const flags = ["--rpc-library", library, ...(more.flags ?? [])];
      started.push(await startServer({ port, number, env, ...more, flags }));
    }
    return started;
  };
  if (megabits === undefined) {
    const servers = await start({});
    // The port that tells the build is the next one.
    const relays = await Promise.all(
      ports.flatMap((port, index) =>
        [0, 1].map((next) =>
          openRelay(local((relayPorts[index] ?? 0) + next), local(port + next), {
            delayMs: delayMs ?? 0,
          }),
        ),
      ),
    );
    try {
      await use({ rpc: relayPorts.map((port) => `127.0.0.1:${port}`).join(","), before: [] });
    } finally {
      await Promise.all(relays.map((relay) => relay.close()));
      await endServers(servers);
    }
    return;
  }
  const cable = layCable();
  try {
    cable.setRate(megabits);
    const servers = await start({
      before: cable.far,
      flags: ["--host", cable.address, "--allow", cable.nearAddress],
    });
    try {
      const rpc = ports.map((port) => `${cable.address}:${port}`).join(",");
      await use({ rpc, before: cable.near });
    } finally {
      await endServers(servers);
    }
  } finally {
    cable.remove();
  }
}

/** @param {import("./bench/llmbench.mjs").LlmbenchRun} run */
function seenOf(run) {
  const [record] = requireMeasured(run).cases;
  const { readings, mean } = record.summary;
  return {
    linkMs: readings.linkMs ?? Number.NaN,
    linkGbps: readings.linkGbps ?? Number.NaN,
    turns: readings.rpcTurns ?? Number.NaN,
    bytes: readings.rpcBytes ?? Number.NaN,
    measured: mean,
    predicted: record.predictedTs ?? Number.NaN,
  };
}

/**
 * How far off, of 1.
 *
 * @param {number} told
 * @param {number} truth
 */
const off = (told, truth) => told / truth - 1;

/** @param {number} share */
const percent = (share) => `${share > 0 ? "+" : ""}${(100 * share).toFixed(1)}%`;

/**
 * @param {LinkSetting} setting
 * @param {readonly Seen[]} seen
 * @param {number} nearMs the round trip without a delay
 */
function judged({ name, delayMs, megabits }, seen, nearMs) {
  const of = (/** @type {keyof Seen} */ key) => median(seen.map((one) => one[key]));
  const setGbps = megabits === undefined ? null : ((megabits * 1e6) / 8 / 1e9) * dataShare;
  const linkOff =
    setGbps !== null
      ? off(of("linkGbps"), setGbps)
      : delayMs === undefined || delayMs === 0
        ? null
        : off(of("linkMs") - nearMs, delayMs);
  const speedOff = median(seen.map(({ predicted, measured }) => off(predicted, measured)));
  return {
    cells: [
      name,
      of("linkMs").toFixed(3),
      of("linkGbps").toPrecision(3),
      linkOff === null ? "" : percent(linkOff),
      of("turns").toFixed(2),
      of("bytes").toFixed(0),
      of("measured").toFixed(2),
      of("predicted").toFixed(2),
      percent(speedOff),
    ],
    holds: Math.abs(linkOff ?? 0) <= linkTolerance && Math.abs(speedOff) <= speedTolerance,
  };
}

await script("bench:link", async () => {
  const text = /** @type {const} */ ({ type: "string" });
  const flags = readFlags(
    {
      model: text,
      rounds: text,
      "no-lock": { type: "boolean" },
      "n-gen": { type: "string", short: "n" },
      repetitions: { type: "string", short: "r" },
    },
    help,
  );
  const rounds = wholeNumber("rounds", flags.rounds, 3);
  const work = [
    ["--model", flags.model ?? "toy-350m", "--quant", "q4_0", "--threads", "1"],
    ["-p", "0", "-n", String(wholeNumber("n-gen", flags["n-gen"], 32))],
    ["-r", String(wholeNumber("repetitions", flags.repetitions, 5)), "--launches", "1"],
    flags["no-lock"] === true ? ["--no-lock"] : [],
  ].flat();
  const lack = cableLack();
  if (lack !== null) console.error(`rates are left out: ${lack}`);
  const possible = settings.filter(({ megabits }) => megabits === undefined || lack === null);
  // Rows of a machine are kept for its usual number of threads: those of one processor, in a folder of their own.
  const cache = await mkdtemp(join(tmpdir(), "llmbench-link-"));
  const env = { LLMBENCH_CACHE: cache };
  try {
    console.error("a processor alone");
    const alone = requireMeasured(await runLlmbench(work, { before: pinned(0), env }));
    const common = { library: await rpcLibrary(null, namedLibraries(alone.libraries)), env };
    /** @type {Map<LinkSetting, Seen[]>} */
    const seen = new Map(possible.map((setting) => [setting, []]));
    for (let round = 1; round <= rounds; round++) {
      for (const setting of possible) {
        console.error(`round ${round} of ${rounds}: ${setting.name}`);
        await withLink(setting, common, async ({ rpc, before }) => {
          const shared = ["--rpc", rpc, "--no-baseline", "--rpc-library", common.library];
          seen.get(setting)?.push(seenOf(await runLlmbench([...work, ...shared], { before, env })));
        });
      }
    }
    const [none] = possible;
    const nearMs = median((none && seen.get(none)?.map(({ linkMs }) => linkMs)) ?? [Number.NaN]);
    const rows = possible.map((setting) => judged(setting, seen.get(setting) ?? [], nearMs));
    const head = ["link", "link_ms", "link_gbps", "off", "rpc_turns", "rpc_bytes"];
    const speeds = ["tg t/s", "predicted", "off"];
    console.log(markdownTable([[...head, ...speeds], ...rows.map(({ cells }) => cells)]));
    return rows.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await rm(cache, { recursive: true, force: true });
  }
});
