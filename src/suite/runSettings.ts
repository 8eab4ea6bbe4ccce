/** From what stood on the command line to what the run does. */
import { loadSuite, type Suite } from "./loadSuite.ts";
import { mergeSettings, type GivenFlags, type RunSettings } from "./settings.ts";
import { standInSuite, standInTests } from "./standIn.ts";

export interface SuiteRun {
  readonly suite: Suite;
  readonly settings: RunSettings;
}

/**
 * Loads the suite that was asked for, or the one that stands in (`quick` where nothing is named), and lets flags win.
 *
 * @throws LlmbenchError `usage` or `config`, exit 2.
 */
export function runSettings(given: GivenFlags): SuiteRun {
  if (typeof given.suite === "string") {
    const suite = loadSuite(given.suite);
    return { suite, settings: mergeSettings(suite.given, given) };
  }
  const suite = loadSuite(standInSuite(given));
  return { suite, settings: mergeSettings(standInTests(suite.given, given), given) };
}
