/** What the system keeps from this process is told before anything is started, and not as a failed case. */
import type { ProcessSettings } from "../bench/settings.ts";
import type { EngineRow } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { settingsOf } from "../plan/requested.ts";
import { plannedFor } from "../results/journalLines.ts";
import type { Journal } from "../results/readJournal.ts";
import type { RunSettings } from "../suite/settings.ts";

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
