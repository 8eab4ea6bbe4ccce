/** Where `fit` predicts what published rows measured: both are told, and once for all why they differ. */
import { toType } from "../../base/invocation.ts";
import { isMeasured } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import { modelName, shapeName } from "../../compare/modelNames.ts";
import { isOnGpu } from "../../compare/processors.ts";
import { originWords } from "../../reporters/originWords.ts";
import { rangeWords, rowsBehind, speedWords } from "../../ui/predictionWords.ts";
import type { FitCell } from "./fitCells.ts";

/** None where no published row of the machines is of a model that is predicted on them. */
export function measuredNotes(cells: readonly FitCell[]): string[] {
  const notes = cells.flatMap(measuredNote);
  const why = `\`${toType("compare")}\` shows those; predicted is tg128 from an empty context, out of all rows of the machine`;
  const last = notes.length - 1;
  return notes.map((note, at) => (at === last ? `${note}, and ${why}` : note));
}

function measuredNote({ model, machine, speed }: FitCell): string[] {
  if (speed === null || machine.speed === null) return [];
  const rows = rowsBehind("published", machine.speed)
    .filter((record) => shapeName(record.model) === shapeName(model) && isOnGpu(record))
    .filter(isMeasured);
  if (rows.length === 0) return [];
  const speeds = rows.map(({ summary }) => summary.mean);
  const tests = [...new Set(rows.map(({ workload }) => testName(workload)))];
  const span = tests.length < 3 ? tests.join(" and ") : `${tests[0]} to ${tests.at(-1)}`;
  const range = { low: Math.min(...speeds), high: Math.max(...speeds) };
  const subject = modelName(model);
  const measured = range.low === range.high ? speedWords(range.low) : rangeWords(range);
  return [
    `${machine.name}, ${subject}: published rows have ${span} at ${measured} t/s (${originWords(rows)})`,
  ];
}
