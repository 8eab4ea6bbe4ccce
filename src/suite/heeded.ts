/** Which flags mean something to which engine. */
import { settingNames } from "../bench/settings.ts";
import { placingFlags, type EngineRow } from "../engines/engine.ts";
import { engineFlags } from "../engines/registry.ts";
import type { FlagKey } from "./flags.ts";
import { kindOfTest, testKeys } from "./testFlags.ts";

/** All that some engine takes and another doesn't. */
export const takenBySome: readonly FlagKey[] = [
  ...settingNames,
  ...placingFlags,
  ...(Object.keys(engineFlags) as FlagKey[]),
];

type Takes = Pick<EngineRow, "takes" | "flags">;

export function isTaken(key: FlagKey, { takes, flags }: Takes): boolean {
  const taken: readonly string[] = [...takes, ...Object.keys(flags)];
  return !takenBySome.includes(key) || taken.includes(key);
}

/** Whether it is a setting that the engine takes, a test that it runs, or what every run has. */
export function isHeeded(key: FlagKey, row: Takes & Pick<EngineRow, "runs">): boolean {
  const test = testKeys.find((one) => one === key);
  return test === undefined ? isTaken(key, row) : row.runs.includes(kindOfTest[test]);
}
