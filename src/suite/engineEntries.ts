/** Which engines of a suite a run takes, and what flags say to each. */
import { engineRow, usualEngine, type EngineName } from "../engines/registry.ts";
import { flagKeys, type FlagKey } from "./flags.ts";
import { isHeeded, takenBySome } from "./heeded.ts";
import type { EngineEntry, Suite } from "./loadSuite.ts";
import { runFlags } from "./runFlags.ts";
import type { GivenFlags } from "./settings.ts";
import { kindOfTest, testKeys } from "./testFlags.ts";

/** Tests and what belongs to them: those that an entry doesn't name are not its own. */
const subjects: ReadonlySet<FlagKey> = new Set([...testKeys, "nDepth", "precisions"]);

/** What an entry never says itself. */
const ofWholeRun: readonly FlagKey[] = (Object.keys(runFlags) as FlagKey[]).filter(
  (key) => key !== "engine",
);

/**
 * The suite as one engine's where `--engine` names one: its own entry, else the first of whose tests it runs all; where there
 * is none, the suite's own tests are asked of it. A suite that measures nothing but what its entries say begins with the first.
 */
export function suiteFor(suite: Suite, named: EngineName | undefined): Suite {
  const { entries, given } = suite;
  const [first, ...others] = entries;
  if (first === undefined) return suite;
  if (named === undefined)
    return saysWhat(given) ? suite : { ...suite, given: asSuite(suite, first), entries: others };
  const own = given.engine ?? usualEngine;
  const chosen = named === own ? undefined : entryFor(entries, named);
  return { ...suite, given: chosen === undefined ? given : asSuite(suite, chosen), entries: [] };
}

function saysWhat(given: GivenFlags): boolean {
  return [...testKeys, "models" as const].some((key) => given[key] !== undefined);
}

function entryFor(entries: readonly EngineEntry[], named: EngineName): EngineEntry | undefined {
  const { runs } = engineRow(named);
  return (
    entries.find(({ engine }) => engine === named) ??
    entries.find(({ given }) =>
      testKeys.every((key) => given[key] === undefined || runs.includes(kindOfTest[key])),
    )
  );
}

/** What holds for the whole run, and what the entry says. */
export function asSuite({ given }: Pick<Suite, "given">, entry: EngineEntry): GivenFlags {
  const said = Object.fromEntries(
    flagKeys.flatMap((key) => (entry.given[key] === undefined ? [] : [[key, entry.given[key]]])),
  );
  const shared = Object.fromEntries(ofWholeRun.map((key) => [key, given[key]]));
  return { ...shared, ...said, engine: entry.engine };
}

/** What the command line says to the suite's own engine: all but what some entry's engine alone heeds. */
export function typedForOwn(
  typed: GivenFlags,
  engine: string = usualEngine,
  entries: readonly EngineEntry[],
): GivenFlags {
  const others = entries.map((entry) => entry.engine);
  return without(typed, (key) => !heeds(engine, key) && others.some((other) => heeds(other, key)));
}

/** What it says to an entry's: flags that the engine heeds, of tests and models those that the entry names. */
export function typedForEntry(typed: GivenFlags, { engine, given }: EngineEntry): GivenFlags {
  return without(
    typed,
    (key) =>
      key === "engine" ||
      key === "models" ||
      key === "quantizations" ||
      !heeds(engine, key) ||
      (subjects.has(key) && given[key] === undefined),
  );
}

/** Whether a flag asks for what this engine alone measures, or is its own: then it has to be here. */
export function isAskedFor(typed: GivenFlags, { engine }: EngineEntry, own: string): boolean {
  return flagKeys.some(
    (key) => typed[key] !== undefined && isOfSome(key) && heeds(engine, key) && !heeds(own, key),
  );
}

function isOfSome(key: FlagKey): boolean {
  return takenBySome.includes(key) || testKeys.some((test) => test === key);
}

function heeds(engine: string, key: FlagKey): boolean {
  return isHeeded(key, engineRow(engine));
}

function without(typed: GivenFlags, isLeftOut: (key: FlagKey) => boolean): GivenFlags {
  return Object.fromEntries(
    flagKeys.flatMap((key) =>
      typed[key] === undefined || isLeftOut(key) ? [] : [[key, typed[key]]],
    ),
  );
}
