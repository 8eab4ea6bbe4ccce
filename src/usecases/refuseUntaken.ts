/** Settings that mean nothing to an engine are refused: a row must not name one that nothing heeded. */
import type { EngineRow } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { flagOf } from "../suite/flags.ts";
import type { GivenFlags } from "../suite/settings.ts";

/** Each is the key of its flag too. */
const settings = {
  gpuLayers: true,
  splitMode: true,
  mainGpu: true,
  tensorSplit: true,
  nCpuMoe: true,
  loadMode: true,
  nBatch: true,
  nUbatch: true,
  nThreads: true,
  typeK: true,
  typeV: true,
  flashAttn: true,
  noKvOffload: true,
} as const satisfies Record<EngineRow["takes"][number], true>;

/** @throws {LlmbenchError} `usage` for the first that was given and isn't among `takes`. */
export function refuseUntaken(
  given: GivenFlags,
  engine: string,
  { takes }: Pick<EngineRow, "takes">,
): void {
  const keys = Object.keys(settings) as (keyof typeof settings)[];
  const foreign = keys.find((key) => given[key] !== undefined && !takes.includes(key));
  if (foreign === undefined) return;
  throw new LlmbenchError(
    "usage",
    `--${flagOf(foreign).name} means nothing to ${engine}: leave it out, or choose another engine`,
  );
}
