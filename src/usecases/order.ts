/** What a run is to do, as far as it is known without an engine: a new run, or one to go on with. All input is checked. */
import { join } from "node:path";
import { shownPath } from "../base/yamlFile.ts";
import { engineRow } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { isRemote } from "../models/hub/remoteSpec.ts";
import { askedModel, drawnModel, namedModel, type AskedModel } from "../plan/plannedModel.ts";
import { journalBytes } from "../results/journalTail.ts";
import { readJournal } from "../results/readJournal.ts";
import { resultFiles } from "../results/resultFiles.ts";
import { checkNewRunFolder, checkResumedFolder } from "../results/runFolder.ts";
import { resumedOptions, type Order } from "../run/order.ts";
import { defaultDirectory, reportsFolder } from "../run/runNames.ts";
import { engineOptions, runOptions } from "../run/runOptions.ts";
import type { OutputFormat } from "../suite/runFlags.ts";
import { asksOfModel, expandWorkloads } from "../suite/expand.ts";
import { flagKeys, flagOf } from "../suite/flags.ts";
import type { Suite } from "../suite/loadSuite.ts";
import { runSettings, type SuitePart } from "../suite/runSettings.ts";
import type { GivenFlags, RunSettings } from "../suite/settings.ts";
import { missingWeights, quantizedSpecs } from "./missingWeights.ts";
import type { Wanted } from "./pull.ts";
import {
  plannedProcesses,
  processesOf,
  refuseLacking,
  refuseUnrun,
  refuseUntaken,
} from "./refusals.ts";

/** Downloads real weights that were asked for and aren't on disk. */
export type Pull = (wanted: readonly Wanted[]) => Promise<void>;

/** @throws {LlmbenchError} for whatever the user can mend. */
export async function orderOf(given: GivenFlags, pull: Pull): Promise<Order> {
  const { resume } = given;
  return typeof resume !== "string" ? begin(given, pull) : goOn(resume, given);
}

/** A plan has no results yet. @throws {LlmbenchError} `usage` for a format that holds nothing else. */
function checkOutput(output: OutputFormat, { dryRun }: GivenFlags): void {
  if (dryRun !== true || !(output === "csv" || output === "md")) return;
  throw new LlmbenchError(
    "usage",
    `--dry-run with --output ${output}, which holds results: a plan is printed as table, json or jsonl`,
  );
}

async function begin(given: GivenFlags, pull: Pull): Promise<Order> {
  if (given.retryFailed === true)
    throw new LlmbenchError("usage", "--retry-failed needs --resume DIR: the run to go on with");
  const asked = runSettings(given);
  const { suite, settings, beside } = asked;
  requireName(given, asked);
  const parts = [asked, ...beside];
  for (const part of parts) refuseMeaningless(part, suite);
  checkOutput(settings.output, given);
  // A plan alone is written nowhere, and needs no rights.
  if (given.dryRun !== true) {
    await checkNewRunFolder(folderOf(settings));
    for (const part of parts) refuseLacking(processesOf(part.settings), part.row);
  }
  return {
    kind: "new",
    options: runOptions(
      settings,
      suite.name,
      beside.map((part) => part.settings),
    ),
    settings,
    models: await modelsOf(asked, suite, pull),
    beside: await Promise.all(
      beside.map(async (part) => ({
        settings: part.settings,
        isOptional: part.isOptional,
        models: await modelsOf(part, suite, pull),
      })),
    ),
    directory: settings.outputDir,
    output: settings.output,
  };
}

/** What was typed for the engine, or said of it in the suite, and means nothing to it. */
function refuseMeaningless(part: SuitePart, suite: Suite): void {
  const { typed, settings, row } = part;
  refuseUntaken(typed, settings.engine, row);
  const inSuite = `${shownPath(suite.path)}: `;
  refuseUntaken(saidByItself(part), settings.engine, row, inSuite);
  const place = typed.suite === undefined ? "" : inSuite;
  refuseUnrun(expandWorkloads(settings), settings.engine, row, place);
}

/** Where the results go, but for the part of the name that the machine gives. */
function folderOf({ outputDir, machineName }: RunSettings): string {
  if (outputDir !== null) return outputDir;
  return machineName === null ? reportsFolder : defaultDirectory(machineName, new Date());
}

/** What a suite says of the models that it names gives way where the user names others. */
function saidByItself({ said, settings }: SuitePart): GivenFlags {
  const { quantizations } = said;
  return { ...said, quantizations: settings.quantizationsAsked ? quantizations : undefined };
}

/** The suite that stands in where nothing is named has models of the catalogue. */
function requireName({ models, suite }: GivenFlags, { settings, row }: SuitePart): void {
  if (row.opens !== "names" || models !== undefined || suite !== undefined) return;
  if (!asksOfModel(settings)) return;
  throw new LlmbenchError(
    "usage",
    `--engine ${settings.engine} measures a model by the name that it has for it: add --model NAME`,
  );
}

async function modelsOf(part: SuitePart, suite: Suite, pull: Pull): Promise<readonly AskedModel[]> {
  const { typed, settings, row } = part;
  const { opens } = row;
  switch (opens) {
    case "files":
      return modelsOnDisk(part, suite, pull);
    case "names":
      return settings.models.map(namedModel);
    case "shapes": {
      const models = settings.models.map(async (spec) => drawnModel(spec));
      return Promise.all(
        models.map((model) => (typed.models === undefined ? placed(model, suite) : model)),
      );
    }
    default:
      return opens satisfies never;
  }
}

/** Each model is resolved once; one that is elsewhere, when it was pulled. */
async function modelsOnDisk(
  { typed, settings }: SuitePart,
  suite: Suite,
  pull: Pull,
): Promise<readonly AskedModel[]> {
  const cacheDir = cacheFolder();
  const specs = quantizedSpecs(settings);
  const found = new Map<string, Awaited<ReturnType<typeof askedModel>>>();
  const resolve = async (spec: string) => {
    const asked = askedModel(spec, settings, cacheDir);
    found.set(spec, await (typed.models === undefined ? placed(asked, suite) : asked));
  };
  // Before anything is downloaded: a typing error deserves its answer at once.
  for (const spec of specs) if (!isRemote(spec)) await resolve(spec);
  const here = [...found.values()].map(({ model }) => model);
  await pull(missingWeights(specs, here, settings));
  for (const spec of specs) if (isRemote(spec)) await resolve(spec);
  return specs.flatMap((spec) => found.get(spec) ?? []);
}

/** What is wrong with a suite's models, with its place. */
async function placed<T>(asked: Promise<T>, { path }: Suite): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof LlmbenchError) || error.code !== "usage") throw error;
    throw new LlmbenchError("config", `${shownPath(path)}: ${error.message}`, { cause: error });
  }
}

async function goOn(directory: string, given: GivenFlags): Promise<Order> {
  const other = flagKeys.find((key) => given[key] !== undefined && !flagOf(key).besideResume);
  if (other !== undefined) {
    throw new LlmbenchError(
      "usage",
      `--${flagOf(other).name} beside --resume: a resumed run measures what its journal planned; leave it out, or start a new run`,
    );
  }
  checkOutput(given.output ?? "table", given);
  const path = join(directory, resultFiles.journal);
  const bytes = await journalBytes(path);
  const journal = await readJournal(path);
  const options = resumedOptions(journal.run.options, path, given);
  refuseUntaken(given, options.engine, engineRow(options.engine));
  if (given.dryRun !== true) {
    await checkResumedFolder(path);
    for (const [at, { engine }] of engineOptions(options).entries())
      refuseLacking(plannedProcesses(journal, at, path), engineRow(engine));
  }
  return {
    kind: "resume",
    options,
    journal,
    path,
    directory,
    end: { bytes, torn: journal.torn },
    retryFailed: given.retryFailed === true,
    output: given.output ?? "table",
  };
}
