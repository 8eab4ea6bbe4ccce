/** From what stood on the command line to what the run does. */
import { shownPath } from "../base/yamlFile.ts";
import type { EngineRow } from "../engines/engine.ts";
import { engineRow, usualEngine } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { asSuite, isAskedFor, suiteFor, typedForEntry, typedForOwn } from "./engineEntries.ts";
import { loadSuite, type EngineEntry, type Suite } from "./loadSuite.ts";
import { mergeSettings, type GivenFlags, type RunSettings } from "./settings.ts";
import { standInSuite, standInTests, withoutUnrun } from "./standIn.ts";

/** What one engine of a run measures. */
export interface SuitePart {
  /** What the suite says of it, and what the command line does. */
  readonly said: GivenFlags;
  readonly typed: GivenFlags;
  readonly settings: RunSettings;
  /** Of the engine that measures it. */
  readonly row: EngineRow;
}

export interface SuiteRun extends SuitePart {
  readonly suite: Suite;
  /** What further engines measure after that. */
  readonly beside: readonly PartBeside[];
}

export interface PartBeside extends SuitePart {
  /** No flag asks for what it measures: where the engine isn't here, the rest is measured. */
  readonly isOptional: boolean;
}

/**
 * Loads the suite that was asked for, or the one that stands in (`quick` where nothing is named), and lets flags win.
 *
 * @throws LlmbenchError `usage` or `config`, exit 2.
 */
export function runSettings(given: GivenFlags): SuiteRun {
  if (typeof given.suite === "string") return ofSuite(loadSuite(given.suite), given);
  const suite = loadSuite(standInSuite(given, rowOf(given)));
  const row = rowOf(given, suite.given);
  const settings = mergeSettings(standInTests(suite.given, given, row), given);
  return { suite, said: suite.given, typed: given, settings, row, beside: [] };
}

function rowOf(typed: GivenFlags, said: GivenFlags = {}): EngineRow {
  return engineRow(typed.engine ?? said.engine ?? usualEngine);
}

function ofSuite(asked: Suite, given: GivenFlags): SuiteRun {
  const suite = suiteFor(asked, given.engine);
  const { given: said, entries } = suite;
  const own = partOf(said, typedForOwn(given, given.engine ?? said.engine, entries));
  const beside = entries.map((entry) => partBeside(entry, suite, given, own.settings.engine));
  return { suite, ...own, beside };
}

function partOf(said: GivenFlags, typed: GivenFlags): SuitePart {
  const row = rowOf(typed, said);
  return { said, typed, settings: mergeSettings(withoutUnrun(said, row), typed), row };
}

function partBeside(entry: EngineEntry, suite: Suite, given: GivenFlags, own: string): PartBeside {
  try {
    const part = partOf(asSuite(suite, entry), typedForEntry(given, entry));
    return { ...part, isOptional: !isAskedFor(given, entry, own) };
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    const place = `${shownPath(suite.path)}: engines.${entry.engine}`;
    throw new LlmbenchError("config", `${place}: ${error.message}`, { cause: error });
  }
}
