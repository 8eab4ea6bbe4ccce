/** What means nothing to an engine is refused: a row must not name a setting that nothing heeded. */
import { testName, workloads as table, type Workload } from "../bench/workload.ts";
import type { EngineRow } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { flagOf, type FlagKey } from "../suite/flags.ts";
import { isTaken, takenBySome } from "../suite/heeded.ts";

/**
 * @param place of a suite that gives them, `my.yaml: `; empty for the command line
 * @throws {LlmbenchError} `usage` for the first that was given and that the engine doesn't take; `config` in a suite.
 */
export function refuseUntaken(
  given: Readonly<Partial<Record<FlagKey, unknown>>>,
  engine: string,
  row: Pick<EngineRow, "takes" | "flags">,
  place = "",
): void {
  const foreign = takenBySome.find((key) => given[key] !== undefined && !isTaken(key, row));
  if (foreign === undefined) return;
  const { name } = flagOf(foreign);
  if (place === "")
    throw new LlmbenchError(
      "usage",
      `--${name} means nothing to ${engine}: leave it out, or choose another engine`,
    );
  throw new LlmbenchError(
    "config",
    `${place}${name}: means nothing to ${engine}: leave it out, or choose another engine`,
  );
}

/**
 * @param place of the suite that asks for the tests, `my.yaml: `; empty for the command line
 * @throws {LlmbenchError} `usage` for the first test that the engine doesn't run; `config` in a suite.
 */
export function refuseUnrun(
  workloads: readonly Workload[],
  engine: string,
  { runs }: Pick<EngineRow, "runs">,
  place = "",
): void {
  const foreign = workloads.find(({ kind }) => kind !== "unknown" && !runs.includes(kind));
  if (foreign === undefined) return;
  const words = runs.map((kind) => table[kind].word);
  throw new LlmbenchError(
    place === "" ? "usage" : "config",
    `${place}${engine} doesn't run ${testName(foreign)}: it runs ${words.join(", ")}; leave it out, or choose another engine`,
  );
}
