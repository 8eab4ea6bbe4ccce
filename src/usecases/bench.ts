/** A run, from what was asked to its outcome. A resume is the same line, with a journal that holds some of it already. */
import type { CaseRecord } from "../bench/record.ts";
import { Interrupted } from "../engines/engine.ts";
import { askSystem, type ToldSystem } from "../machine/probe.ts";
import type { OnEvent } from "../run/events.ts";
import type { Order } from "../run/order.ts";
import { measureParts } from "../run/measureParts.ts";
import { prepareRun, type PreparedRun } from "../run/prepareRun.ts";
import { RunJournal } from "../run/runJournal.ts";
import type { GivenFlags } from "../suite/settings.ts";
import { orderOf, type Pull } from "./order.ts";
import { reserved } from "./reserved.ts";
import { withStartedEngines, type StartedEngines } from "./startedEngines.ts";

/** Where a run goes on: who is asked, and who is told. */
export interface BenchHost {
  /** Downloads real weights that were asked for and aren't on disk. */
  readonly pull: Pull;
  /**
   * Takes the machine for as long as something is measured.
   * @returns what gives it back
   */
  readonly reserve: () => Promise<() => void>;
  /** Told what would be measured, before anything is; false where it is not to be. */
  readonly agree: (run: PreparedRun) => Promise<boolean>;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

export interface BenchOutcome {
  readonly run: PreparedRun;
  /** In the plan's order; those that an interruption left out are missing. */
  readonly results: readonly CaseRecord[];
  readonly interrupted: boolean;
}

/**
 * Null where the host didn't agree.
 * @throws {LlmbenchError} for whatever makes the run impossible, and where the journal can't be written.
 */
export async function bench(given: GivenFlags, host: BenchHost): Promise<BenchOutcome | null> {
  const order = await orderOf(given, host.pull);
  const release = await reserved(order, host.reserve);
  try {
    const told = askSystem();
    return await withStartedEngines(order, (engines) => benchOn(engines, order, host, told));
  } finally {
    release();
  }
}

/** The same on engines that have started, and that the system may have been asked beside. */
export async function benchOn(
  engines: StartedEngines,
  order: Order,
  host: Omit<BenchHost, "pull" | "reserve">,
  told?: Promise<ToldSystem>,
): Promise<BenchOutcome | null> {
  const run = await prepareRun(order, engines, told);
  if (!(await host.agree(run))) return null;
  const journal = await RunJournal.open(run, host.onEvent);
  try {
    const interrupted = await measureAll(run, journal, host);
    const results = await journal.outcome();
    return { run, results, interrupted };
  } finally {
    await journal.close();
  }
}

/** Answers whether it was interrupted. */
async function measureAll(
  run: PreparedRun,
  journal: RunJournal,
  { onEvent, signal }: Pick<BenchHost, "onEvent" | "signal">,
): Promise<boolean> {
  try {
    const all = measureParts(run, { journal, onEvent, signal });
    for await (const measured of all) await journal.append(measured);
    return false;
  } catch (error) {
    if (error instanceof Interrupted) return true;
    throw error;
  }
}
