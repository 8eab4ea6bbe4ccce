/** Machines that answer, from their rows alone. */
import { answerersOf } from "../../../src/compare/workload/answers.ts";
import type { Answerer } from "../../../src/compare/workload/answers.ts";
import { machinesOf } from "../../../src/compare/machines.ts";
import type { CaseRow } from "../../../src/results/caseResult.ts";

/** One answerer for each list of rows, all of one model. */
export function answerersFrom(...files: readonly (readonly CaseRow[])[]): Answerer[] {
  const named = files.map((rows, index) => ({ file: `${index}.csv`, rows }));
  return machinesOf(named).flatMap(answerersOf);
}

export function answererFrom(rows: readonly CaseRow[]): Answerer {
  const [answerer] = answerersFrom(rows);
  if (answerer === undefined) throw new Error("pp or tg is missing");
  return answerer;
}
