/** Paces of machines, from their cases alone. */
import type { CaseRecord } from "../../../src/bench/record.ts";
import { pacesOf, type ModelPace } from "../../../src/compare/answers/modelPace.ts";
import { machinesOf } from "../../../src/compare/machines.ts";

/** One for each list of cases, all of one model. */
export function pacesFrom(...files: readonly (readonly CaseRecord[])[]): ModelPace[] {
  const named = files.map((cases, index) => ({ file: `${index}.csv`, cases }));
  return machinesOf(named).flatMap(pacesOf);
}

export function paceFrom(cases: readonly CaseRecord[]): ModelPace {
  const [pace] = pacesFrom(cases);
  if (pace === undefined) throw new Error("pp or tg is missing");
  return pace;
}
