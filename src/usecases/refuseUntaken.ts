/** Settings that mean nothing to an engine are refused: a row must not name one that nothing heeded. */
import { settingNames } from "../bench/settings.ts";
import type { EngineRow } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { flagOf } from "../suite/flags.ts";
import type { GivenFlags } from "../suite/settings.ts";

/** @throws {LlmbenchError} `usage` for the first that was given and isn't among `takes`. */
export function refuseUntaken(
  given: GivenFlags,
  engine: string,
  { takes }: Pick<EngineRow, "takes">,
): void {
  const foreign = settingNames.find((key) => given[key] !== undefined && !takes.includes(key));
  if (foreign === undefined) return;
  throw new LlmbenchError(
    "usage",
    `--${flagOf(foreign).name} means nothing to ${engine}: leave it out, or choose another engine`,
  );
}
