/** Which run the flags mean: a new one, or one to go on with. */
import { shownPath } from "../base/yamlFile.ts";
import { LlmbenchError } from "../errors.ts";
import { isRemote } from "../models/hub/remoteSpec.ts";
import { modelQuantizations } from "../models/modelQuantizations.ts";
import { resolveModel } from "../models/resolveModel.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import type { OnEvent } from "../run/events.ts";
import type { RunOutcome } from "../run/executeRun.ts";
import { prepareRun, type PreparedRun } from "../run/prepareRun.ts";
import { prepareResume, resumeRun } from "../run/resumeRun.ts";
import { defaultDirectory } from "../run/runLine.ts";
import { startRun } from "../run/startRun.ts";
import { haveWeights, quantizedSpecs } from "./haveWeights.ts";
import { flagKeys, flagOf } from "../suite/flags.ts";
import type { Suite } from "../suite/loadSuite.ts";
import type { OutputFormat } from "../suite/runFlags.ts";
import { runSettings } from "../suite/runSettings.ts";
import type { GivenFlags } from "../suite/settings.ts";

export interface ChosenRun {
  readonly run: PreparedRun;
  /** Those that have no result yet. */
  readonly due: readonly BenchCase[];
  readonly directory: string;
  readonly output: OutputFormat;
  readonly start: (signal: AbortSignal, onEvent: OnEvent) => Promise<RunOutcome>;
}

/** @throws LlmbenchError for whatever makes the run impossible. */
export async function chooseRun(given: GivenFlags): Promise<ChosenRun> {
  return typeof given.resume === "string" ? goOn(given.resume, given) : begin(given);
}

async function begin(given: GivenFlags): Promise<ChosenRun> {
  if (given.retryFailed === true) {
    throw new LlmbenchError("usage", "--retry-failed needs --resume DIR: the run to go on with");
  }
  const { suite, settings: said } = runSettings(given);
  const settings = { ...said, models: quantizedSpecs(said) };
  // Before anything is downloaded, and before the engine starts: a typing error deserves its answer at once.
  const remote = settings.models.filter(isRemote);
  const check = (specs: readonly string[]) => {
    const names = () => specs.forEach((spec) => modelQuantizations(resolveModel(spec), settings));
    return given.models === undefined ? inSuite(suite, names) : names();
  };
  check(settings.models.filter((spec) => !isRemote(spec)));
  if (given.dryRun !== true) await haveWeights(settings, given);
  if (settings.weights !== "synthetic") check(remote);
  const run = await prepareRun(settings, suite.name);
  const directory = settings.outputDir ?? defaultDirectory(run.machine.name, new Date());
  return {
    run,
    due: run.cases,
    directory,
    output: settings.output,
    start: (signal, onEvent) => startRun(run, directory, signal, onEvent),
  };
}

/** What is wrong with a suite's models, with its place. */
function inSuite({ path }: Suite, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof LlmbenchError) || error.code !== "usage") throw error;
    throw new LlmbenchError("config", `${shownPath(path)}: ${error.message}`, { cause: error });
  }
}

async function goOn(directory: string, given: GivenFlags): Promise<ChosenRun> {
  const other = flagKeys.find((key) => given[key] !== undefined && !flagOf(key).besideResume);
  if (other !== undefined) {
    throw new LlmbenchError(
      "usage",
      `--${flagOf(other).name} beside --resume: a resumed run measures what its journal planned; leave it out, or start a new run`,
    );
  }
  const resumable = await prepareResume(directory, {
    retryFailed: given.retryFailed === true,
    timeoutSeconds: given.timeoutSeconds ?? null,
  });
  const { run, progress } = resumable;
  return {
    run,
    due: run.cases.filter(({ id }) => !progress.done.has(id)),
    directory,
    output: given.output ?? "table",
    start: (signal, onEvent) => resumeRun(resumable, signal, onEvent),
  };
}
