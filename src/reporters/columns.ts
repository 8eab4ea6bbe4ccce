/** The columns of reports: llama-bench's, under its headings, and what it doesn't have. */
import type { CaseRecord } from "../bench/record.ts";
import { testName } from "../bench/workload.ts";
import { modelName } from "./caseName.ts";
import { measure, show, type ReportColumn } from "./columns/column.ts";
import { fit, memory, useFit } from "./columns/memory.ts";
import { setting, settingColumns } from "./columns/settings.ts";
import { interval, otherValue, predicted, samples, speed, tokenTimes } from "./columns/speeds.ts";
import { formatParameters, formatSize, plain } from "./format.ts";

const machine: ReportColumn = {
  ...setting("machine", (record) => record.machine.name),
  align: "left",
};
const model: ReportColumn = { heading: "model", align: "left", text: modelName };
const test: ReportColumn = {
  heading: "test",
  align: "right",
  text: ({ workload }) => plain(testName(workload)),
};

const what: readonly ReportColumn[] = [
  measure("size", (record) => record.model.bytes, formatSize),
  measure("params", (record) => record.model.parameters, formatParameters),
  { heading: "weights", align: "left", text: (record) => show(record.model.weights) },
  { heading: "backend", align: "left", text: ({ engine }) => show(engine.backend) },
];

/** As a terminal shows it, in llama-bench's order. */
export const tableColumns: readonly ReportColumn[] = [
  machine,
  model,
  ...what,
  ...settingColumns,
  fit,
  test,
  speed,
  otherValue,
  predicted,
];

/** As a document shows it: what was measured first, then what it was measured on. */
export const documentColumns: readonly ReportColumn[] = [
  machine,
  model,
  test,
  speed,
  otherValue,
  predicted,
  interval,
  tokenTimes,
  samples,
  fit,
  useFit,
  ...what,
  ...settingColumns,
  memory,
];

/** Those of the columns that these cases need. */
export function neededColumns(
  columns: readonly ReportColumn[],
  cases: readonly CaseRecord[],
): ReportColumn[] {
  return columns.filter((column) => column.isNeeded?.(cases) ?? true);
}

/** The columns of what came of a case, which footnotes belong to. */
export function isOutcome(column: ReportColumn): boolean {
  return column === speed || column === otherValue;
}
