/** From what stood on the command line to what the run does. */
import { loadSuite, type Suite } from "./loadSuite.ts";
import { defaultSuite, mergeSettings, type GivenFlags, type RunSettings } from "./settings.ts";

export interface SuiteRun {
  readonly suite: Suite;
  readonly settings: RunSettings;
}

/**
 * Loads the suite that was asked for (without `--suite`: quick where no model is named, else standard) and lets flags win.
 *
 * @throws LlmbenchError `usage` or `config`, exit 2.
 */
export function runSettings(given: GivenFlags): SuiteRun {
  const suite = loadSuite(given.suite ?? defaultSuite(given));
  return { suite, settings: mergeSettings(suite.given, given) };
}
