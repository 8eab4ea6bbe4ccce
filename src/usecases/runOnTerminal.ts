/** A run as `llmbench run` does it: what it asks, shows and reports on a terminal. */
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import { reserveMachine } from "../machine/reserve.ts";
import { forgetLocal } from "../models/local/localModels.ts";
import { reportPieces, writeReports } from "../reporters/writeReports.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import { runDuration } from "../run/runDuration.ts";
import type { GivenFlags } from "../suite/settings.ts";
import {
  endsWith,
  finishing,
  interruption,
  interruptedExitCode,
  stoppable,
  stopsByItself,
  wasInterrupted,
} from "../ui/interruption.ts";
import { planText } from "../ui/planText.ts";
import { printPieces } from "../ui/printPieces.ts";
import { createProgress, progressStyle, type Progress } from "../ui/progress.ts";
import { goOnHint, keptLine, machineLine, resultsLine, sustainLines } from "../ui/runLines.ts";
import { RunProgress } from "../ui/runProgress.ts";
import { shownOn } from "../ui/terminal.ts";
import { agreeToWrite } from "./agreeToWrite.ts";
import { bench, type BenchHost, type BenchOutcome } from "./bench.ts";
import type { Wanted } from "./pull.ts";
import { outlook } from "./outlook.ts";

/** The same line as a run's, up to where something would be measured. Returns the exit code. */
export async function showPlan(given: GivenFlags): Promise<number> {
  await bench(given, {
    pull: async () => {},
    reserve: async () => () => {},
    async agree(run) {
      await printPieces([`${planText(run)}\n`]);
      return false;
    },
    onEvent() {},
    signal: new AbortController().signal,
  });
  return 0;
}

/** Returns the exit code. */
export async function measure(given: GivenFlags): Promise<number> {
  endsWith(`interrupted; ${keptSoFar(given.resume ?? null)}`);
  const progress = createProgress(progressStyle(given.quiet === true));
  const shown = new ShownRun(given, progress);
  try {
    const outcome = await bench(given, shown.host());
    if (outcome === null) throw new LlmbenchError("usage", "nothing was run");
    finishing();
    shown.end();
    await report(outcome, progress);
    if (isFirstLook(outcome.run, given)) await lookOut(outcome, progress);
    return exitCode(outcome);
  } catch (error) {
    shown.end();
    if (shown.begunIn !== null)
      progress.warn(`results so far are kept in ${shown.begunIn}; ${goOnHint(shown.begunIn)}`);
    throw error;
  }
}

/** A run on a terminal: what is asked before it measures anything, and what is shown while it does. */
class ShownRun {
  /** The run's folder, once it holds a journal and no report yet. */
  begunIn: string | null = null;
  private readonly given: GivenFlags;
  private readonly progress: Progress;
  private bars: RunProgress | null = null;

  constructor(given: GivenFlags, progress: Progress) {
    this.given = given;
    this.progress = progress;
  }

  host(): BenchHost {
    return {
      pull: (wanted) => pullWanted(wanted, this.given, this.progress),
      reserve: () => reserveMachine(this.given.noLock === true),
      agree: (run) => this.agree(run),
      onEvent: (event) => {
        if (event.type === "started") this.begunIn = event.directory;
        this.bars?.onEvent(event);
      },
      signal: interruption(),
    };
  }

  end(): void {
    this.bars?.end();
  }

  private async agree(run: PreparedRun): Promise<boolean> {
    if (!(await agreeToWrite(run, this.given.yes === true))) return false;
    for (const line of [machineLine(run), ...sustainLines(run)]) this.progress.line(line);
    this.bars = new RunProgress(this.progress, {
      engine: run.parts[0].engine.facts.engine,
      cases: run.due,
      repetitions: run.options.repetitions,
      launches: run.options.launches,
      warmup: run.options.warmup,
      predictedSeconds: predictedSecondsOf(run),
      sustainSeconds: run.options.sustainSeconds,
      verbose: this.given.verbose === true,
    });
    stopsByItself();
    return true;
  }
}

/** Null where each case is repeated for a time: the bar says how long. */
function predictedSecondsOf({ due, options }: PreparedRun): number | null {
  return options.sustainSeconds === null ? (runDuration(due, options)?.centre ?? null) : null;
}

/** Where all is on disk, nothing that pulls is loaded. */
async function pullWanted(
  wanted: readonly Wanted[],
  { yes }: GivenFlags,
  progress: Progress,
): Promise<void> {
  if (wanted.length === 0) return;
  const { defaultParallel: parallel, pullModels } = await import("./pull.ts");
  await stoppable(async (signal) => {
    try {
      await pullModels(wanted, { parallel, yes: yes === true, signal, progress });
      signal.throwIfAborted();
    } catch (error) {
      if (!signal.aborted) throw error;
      progress.warn("interrupted: what came so far is kept; the same command goes on with it");
      throw signal.reason;
    }
  });
  forgetLocal();
}

async function report({ run, results, interrupted }: BenchOutcome, progress: Progress) {
  const { directory, order } = run;
  await writeReports(directory, undefined, {
    elsewhere: `make them again with ${toType(`report ${directory} --output-dir OTHER`)}`,
  });
  await printPieces(await reportPieces(order.output, [directory], shownOn()));
  if (interrupted) progress.warn(keptLine(run, results.length));
  else progress.line(resultsLine(directory));
}

/** Who runs the quick suite asks what larger models would do here. */
function isFirstLook({ options, order }: PreparedRun, { quiet }: GivenFlags): boolean {
  return (
    options.suite === "quick" && order.output === "table" && quiet !== true && !wasInterrupted()
  );
}

async function lookOut({ run, results }: BenchOutcome, progress: Progress): Promise<void> {
  try {
    const sentence = await outlook(run, results);
    if (sentence !== null) progress.line(sentence);
  } catch (error) {
    // The terminal's Ctrl-C ends a child that is asked, too.
    if (!wasInterrupted()) throw error;
  }
}

function exitCode({ interrupted, results }: BenchOutcome): number {
  if (interrupted) return interruptedExitCode;
  return results.some(({ status }) => status === "failed") ? 1 : 0;
}

function keptSoFar(resumed: string | null): string {
  return resumed === null
    ? "nothing was measured"
    : `nothing more was measured: the results so far are kept in ${resumed}`;
}
