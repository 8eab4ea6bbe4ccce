/** Measures a run while a terminal watches, and reports it. */
import { join } from "node:path";
import { formatBytes } from "../base/bytes.ts";
import { formatDuration } from "../base/duration.ts";
import { toType } from "../base/invocation.ts";
import { LlmbenchError } from "../errors.ts";
import { isTried } from "../plan/caseMemory.ts";
import { reportPieces, writeReports } from "../reporters/writeReports.ts";
import { resultFiles } from "../results/resultFiles.ts";
import type { RunEvent } from "../run/events.ts";
import type { RunOutcome } from "../run/executeRun.ts";
import type { PreparedRun } from "../run/prepareRun.ts";
import type { GivenFlags } from "../suite/settings.ts";
import { askToWrite } from "../ui/askToWrite.ts";
import { createProgress, progressStyle, type Progress } from "../ui/progress.ts";
import { printPieces } from "../ui/printPieces.ts";
import { RunProgress } from "../ui/runProgress.ts";
import type { ChosenRun } from "./chooseRun.ts";
import { outlook } from "./outlook.ts";
import { finishing, interruptedExitCode, stoppable, wasInterrupted } from "./interruption.ts";

/** Returns the exit code. */
export async function measureRun(chosen: ChosenRun, given: GivenFlags): Promise<number> {
  const { run, due, directory, output } = chosen;
  const elsewhere = "set LLMBENCH_CACHE to a folder on another disk";
  const writing = { bytes: bytesToWrite(chosen), folder: run.cacheDir, elsewhere };
  if (!(await askToWrite({ ...writing, yes: given.yes === true }))) {
    throw new LlmbenchError("usage", "nothing was run");
  }
  const progress = createProgress(progressStyle(given.quiet === true));
  progress.line(machineLine(run));
  for (const line of sustainLines(chosen)) progress.line(line);
  const shown = new RunProgress(progress, {
    cases: due,
    repetitions: run.options.repetitions,
    sustainSeconds: run.options.sustainSeconds,
    verbose: given.verbose === true,
  });
  let begun = false;
  const onEvent = (event: RunEvent): void => {
    begun ||= event.type === "started";
    shown.onEvent(event);
  };
  let outcome: RunOutcome;
  try {
    outcome = await stoppable((signal) => chosen.start(signal, onEvent));
    finishing();
    shown.end();
    await writeReports(directory, undefined, {
      elsewhere: `make them again with ${toType(`report ${directory} --output-dir OTHER`)}`,
    });
  } catch (error) {
    shown.end();
    if (begun) progress.warn(`results so far are kept in ${directory}; ${goOn(directory)}`);
    throw error;
  }
  await printPieces(await reportPieces(output, [directory]));
  tellWhereResultsAre(progress, directory, outcome, run);
  if (isFirstLook(chosen, given)) {
    const sentence = await outlook(run, outcome.results).catch(nullIfInterrupted);
    if (sentence !== null) progress.line(sentence);
  }
  return exitCode(outcome);
}

/** Who runs the quick suite asks what larger models would do here. */
function isFirstLook({ run, output }: ChosenRun, { quiet }: GivenFlags): boolean {
  const { suite } = run.options;
  return suite === "quick" && output === "table" && quiet !== true && !wasInterrupted();
}

/** The terminal's Ctrl-C ends a child that is asked, too. */
function nullIfInterrupted(error: unknown): null {
  if (!wasInterrupted()) throw error;
  return null;
}

function goOn(directory: string): string {
  return `go on with ${toType(`--resume ${directory}`)}`;
}

function exitCode({ interrupted, results }: RunOutcome): number {
  if (interrupted) return interruptedExitCode;
  return results.some(({ status }) => status === "failed") ? 1 : 0;
}

/** Synthetic weights that are not in the cache yet, of what is going to be loaded. */
export function bytesToWrite({ due, run }: Pick<ChosenRun, "due" | "run">): number {
  const files = new Map<string, number>();
  for (const one of due) {
    const { source } = one.variant;
    if (source.kind === "synthetic" && !source.made && isTried(one, run.options)) {
      files.set(source.path, source.plan.fileBytes);
    }
  }
  return [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

function machineLine({ machine, engine }: PreparedRun): string {
  const { name, cpu_info: cpu, gpu_info: gpu, ram_bytes: ram } = machine;
  const hardware = [gpu, cpu].filter((part) => part !== null && part !== "").join(", ");
  const { engine_version: version, backend } = engine.info;
  return `${name}: ${hardware}, ${formatBytes(ram)} RAM; llama.cpp ${version} on ${backend}`;
}

/** How long it takes, which here is known beforehand. */
function sustainLines({ run, due }: ChosenRun): string[] {
  const { sustainSeconds } = run.options;
  if (sustainSeconds === null) return [];
  const each = formatDuration(sustainSeconds);
  if (due.length < 2) return [`the case is repeated for ${each}`];
  return [
    `each of ${due.length} cases is repeated for ${each}; all but the first begin on a warm machine, unless --delay lets it cool`,
  ];
}

function tellWhereResultsAre(
  progress: Progress,
  directory: string,
  { interrupted, results }: RunOutcome,
  run: PreparedRun,
): void {
  if (interrupted) {
    progress.warn(
      `interrupted: ${results.length} of ${run.cases.length} results are kept in ${directory}; ${goOn(directory)}`,
    );
    return;
  }
  progress.line(
    `CSV: ${join(directory, resultFiles.csv)} (beside it ${resultFiles.markdown}, ${resultFiles.html}, ${resultFiles.journal})`,
  );
}
