/** A run, from what was asked to its outcome. A resume is the same line, with a journal that holds some of it already. */
import { isDeepStrictEqual } from "node:util";
import type { CaseRecord } from "../bench/record.ts";
import { Interrupted, type Engine } from "../engines/engine.ts";
import { askSystem, type ToldSystem } from "../machine/probe.ts";
import type { OnEvent } from "../run/events.ts";
import { isComplete, type Order } from "../run/order.ts";
import { Measuring } from "../run/measuring.ts";
import { prepareRun, type PreparedRun } from "../run/prepareRun.ts";
import { RunJournal } from "../run/runJournal.ts";
import { flagOf, type FlagKey } from "../suite/flags.ts";
import type { GivenFlags } from "../suite/settings.ts";
import { orderOf, type Pull } from "./order.ts";
import { withNamedDevices } from "./withNamedDevices.ts";

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
  const release = await reserved(order, host);
  try {
    const told = askSystem();
    return await onEngine(order, (engine) => benchOn(engine, order, host, told));
  } finally {
    release();
  }
}

/**
 * Another run is left alone, but for a question that only the engine can answer: whoever named a device that isn't there is
 * told that first.
 */
async function reserved(order: Order, { reserve }: BenchHost): Promise<() => void> {
  // What is only told again disturbs nobody.
  if (isComplete(order)) return () => {};
  try {
    return await reserve();
  } catch (refusal) {
    if (namesDevices(order)) await onEngine(order, (engine) => prepareRun(order, engine));
    throw refusal;
  }
}

/** Settings that mean something on a machine that has what they name. */
const ofDevices = [
  "devices",
  "splitMode",
  "mainGpu",
  "tensorSplit",
  "tensorOverrides",
  "gpuBudgetBytes",
] as const satisfies readonly FlagKey[];

/** Those of a run that is gone on with were there when it began. */
function namesDevices(order: Order): boolean {
  if (order.kind === "resume") return false;
  const { settings } = order;
  return (
    !["auto", "cpu"].includes(settings.device) ||
    ofDevices.some((key) => !isDeepStrictEqual(settings[key], flagOf(key).initial))
  );
}

function onEngine<Answer>(order: Order, use: (engine: Engine) => Promise<Answer>): Promise<Answer> {
  return withNamedDevices(order.options, order.kind === "new" ? order.settings.devices : [], use);
}

/** The same on an engine that has started, and that the system may have been asked beside. */
export async function benchOn(
  engine: Engine,
  order: Order,
  host: Omit<BenchHost, "pull" | "reserve">,
  told?: Promise<ToldSystem>,
): Promise<BenchOutcome | null> {
  const run = await prepareRun(order, engine, told);
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
  const measuring = new Measuring({ run, journal, onEvent, signal });
  try {
    for (const pass of run.passes)
      for await (const measured of measuring.pass(pass)) await journal.append(measured);
    return false;
  } catch (error) {
    if (error instanceof Interrupted) return true;
    throw error;
  }
}
