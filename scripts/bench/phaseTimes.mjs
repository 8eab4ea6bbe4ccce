// @ts-check
// Where the time of a run goes, by what it says while it goes on.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../dist/index.js";

/** @typedef {import("../../dist/index.js").RunEvent} RunEvent */

const beforeAll = "engine, machine, plan and journal";

/**
 * What goes on behind an event; phases have names of their own.
 *
 * @type {Partial<Record<RunEvent["type"], string>>}
 */
const behind = {
  started: "a look at what else runs",
  loading: "start of a process",
  result: "results and ends of processes",
};

/**
 * Null where the same goes on as before the event.
 *
 * @param {RunEvent} event
 * @returns {string | null}
 */
function stepBehind(event) {
  if (event.type === "phase") return event.phase.kind.replace("_", "-");
  return behind[event.type] ?? null;
}

/**
 * Seconds of each step of a run, in the order that they first came.
 *
 * @param {import("../../dist/index.js").GivenFlags} flags
 * @returns {Promise<Map<string, number>>}
 */
export async function phaseSeconds(flags) {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-phases-"));
  /** @type {Map<string, number>} */
  const spent = new Map();
  let [step, since] = [beforeAll, performance.now()];
  /** @param {string} next */
  const turn = (next) => {
    const now = performance.now();
    spent.set(step, (spent.get(step) ?? 0) + (now - since) / 1000);
    [step, since] = [next, now];
  };
  try {
    await run(
      { ...flags, outputDir: join(folder, "run") },
      {
        onEvent(event) {
          const next = stepBehind(event);
          if (next !== null) turn(next);
        },
      },
    );
    turn("");
    return spent;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {ReadonlyMap<string, number>} spent
 * @returns {string[]}
 */
export function phaseLines(spent) {
  return [...spent].map(([step, seconds]) => `  ${seconds.toFixed(2)} s ${step}`);
}
