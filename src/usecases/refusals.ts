/**
 * What an engine doesn't heed, run, or get here is refused before anything is started: a row must not name a setting that
 * nothing heeded, and what the system keeps from a process is no failed case.
 */
import type { ProcessSettings } from "../bench/settings.ts";
import { testName, workloads as table, type Workload } from "../bench/workload.ts";
import type { EngineRow } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { settingsOf } from "../plan/requested.ts";
import { plannedFor } from "../results/journalLines.ts";
import type { Journal } from "../results/readJournal.ts";
import { flagOf, type FlagKey } from "../suite/flags.ts";
import { isTaken, takenBySome } from "../suite/heeded.ts";
import type { RunSettings } from "../suite/settings.ts";

/**
 * @param place of a suite that gives them, `my.yaml: `; empty for the command line
 * @throws {LlmbenchError} `usage` for the first that was given and that the engine doesn't take; `config` in a suite.
 */
export function refuseUntaken(
  given: Readonly<Partial<Record<FlagKey, unknown>>>,
  engine: string,
  row: Pick<EngineRow, "takes" | "flags">,
  place = "",
): void {
  const foreign = takenBySome.find((key) => given[key] !== undefined && !isTaken(key, row));
  if (foreign === undefined) return;
  const { name } = flagOf(foreign);
  if (place === "")
    throw new LlmbenchError(
      "usage",
      `--${name} means nothing to ${engine}: leave it out, or choose another engine`,
    );
  throw new LlmbenchError(
    "config",
    `${place}${name}: means nothing to ${engine}: leave it out, or choose another engine`,
  );
}

/**
 * @param place of the suite that asks for the tests, `my.yaml: `; empty for the command line
 * @throws {LlmbenchError} `usage` for the first test that the engine doesn't run; `config` in a suite.
 */
export function refuseUnrun(
  workloads: readonly Workload[],
  engine: string,
  { runs }: Pick<EngineRow, "runs">,
  place = "",
): void {
  const foreign = workloads.find(({ kind }) => kind !== "unknown" && !runs.includes(kind));
  if (foreign === undefined) return;
  const words = runs.map((kind) => table[kind].word);
  throw new LlmbenchError(
    place === "" ? "usage" : "config",
    `${place}${engine} doesn't run ${testName(foreign)}: it runs ${words.join(", ")}; leave it out, or choose another engine`,
  );
}

/** Every combination that the run's cases have. */
export function processesOf({
  numa: modes,
  priority: priorities,
}: Pick<RunSettings, "numa" | "priority">): ProcessSettings[] {
  return modes.flatMap((numa) => priorities.map((priority) => ({ numa, priority })));
}

/**
 * @param at which of the run's engines measures the cases; 0 for its own
 * @param path the journal's, for errors
 * @throws {LlmbenchError} `input` for a plan that can't be read.
 */
export function plannedProcesses({ run }: Journal, at: number, path: string): ProcessSettings[] {
  return plannedFor(run, at).map(({ settings }) => settingsOf(settings, path).placement);
}

/** @throws {LlmbenchError} `usage` for the first that the engine's process can't have here. */
export function refuseLacking(
  asked: readonly ProcessSettings[],
  { lacks }: Pick<EngineRow, "lacks">,
): void {
  for (const settings of asked) {
    const lacking = lacks?.(settings) ?? null;
    if (lacking !== null) throw new LlmbenchError("usage", lacking);
  }
}
