/** Where `fit` predicts what a published row measured: both are told, and why they differ. */
import { toType } from "../../base/invocation.ts";
import { isMeasured } from "../../bench/record.ts";
import { testName } from "../../bench/workload.ts";
import { shapeName } from "../../compare/modelNames.ts";
import { isOnGpu } from "../../compare/processors.ts";
import { originWords } from "../../reporters/originWords.ts";
import { rangeWords, rowsBehind, speedWords } from "../../ui/predictionWords.ts";
import type { FitCell } from "./fitCells.ts";

/** Empty where no published row of the machine is of this model. */
export function measuredNote({ model, machine, speed }: FitCell): string {
  if (speed === null || machine.speed === null) return "";
  const named = { id: model.id, quantization: model.quantization };
  const rows = rowsBehind("published", machine.speed)
    .filter((record) => shapeName(record.model) === shapeName(named) && isOnGpu(record))
    .filter(isMeasured);
  if (rows.length === 0) return "";
  const speeds = rows.map(({ summary }) => summary.mean);
  const tests = [...new Set(rows.map(({ workload }) => testName(workload)))];
  const span = tests.length < 3 ? tests.join(" and ") : `${tests[0]} to ${tests.at(-1)}`;
  const range = { low: Math.min(...speeds), high: Math.max(...speeds) };
  const subject = `${model.id} ${model.quantization ?? ""}`.trimEnd();
  return (
    `${machine.name}, ${subject}: published rows have ${span} at ${range.low === range.high ? speedWords(range.low) : rangeWords(range)} t/s (${originWords(rows)}), ` +
    `and \`${toType("compare")}\` shows those; predicted is tg128 from an empty context, out of all rows of the machine`
  );
}
