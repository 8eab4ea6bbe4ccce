/** The columns of reports: llama-bench's, under its headings, and what it doesn't have. */
import type { CaseRecord } from "../../bench/record.ts";
import { isOfMachine, testName } from "../../bench/workload.ts";
import { modelName } from "../caseName.ts";
import { measure, show, type ReportColumn } from "./column.ts";
import { fit, memory, useFit } from "./memory.ts";
import { setting, settingColumns } from "./settings.ts";
import {
  burst,
  interval,
  otherValue,
  predicted,
  roof,
  samples,
  speed,
  tokenTimes,
  trainingPace,
  trainingStep,
} from "./speeds.ts";
import { formatParameters, formatSize, plain } from "../format.ts";
import { caseOriginWords } from "../originWords.ts";

const machine: ReportColumn = {
  ...setting("machine", (record) => record.machine.name),
  align: "left",
  names: true,
};
/** Cases of the machine alone have none, and nothing that is told of one. */
const hasModel = (cases: readonly CaseRecord[]): boolean =>
  cases.length === 0 || cases.some(({ workload }) => !isOfMachine(workload));

const model: ReportColumn = {
  heading: "model",
  align: "left",
  names: true,
  text: modelName,
  isNeeded: hasModel,
};
const test: ReportColumn = {
  heading: "test",
  align: "right",
  names: true,
  text: ({ workload }) => plain(testName(workload)),
};

const what: readonly ReportColumn[] = [
  { ...measure("size", (record) => record.model.bytes, formatSize), spare: 1, isNeeded: hasModel },
  {
    ...measure("params", (record) => record.model.parameters, formatParameters),
    spare: 2,
    isNeeded: hasModel,
  },
  {
    heading: "weights",
    align: "left",
    text: (record) => show(record.model.weights),
    isNeeded: hasModel,
  },
  { ...setting("engine", ({ engine }) => engine.name), align: "left", names: true },
  { heading: "backend", align: "left", text: ({ engine }) => show(engine.backend) },
];

/** Which build, when, and where, of figures that others published. */
const origin: ReportColumn = {
  heading: "published",
  align: "left",
  text: (record) => (record.source === null ? "" : plain(caseOriginWords(record))),
  isNeeded: (cases) => cases.some(({ source }) => source !== null),
};

/** What came of a case, beside what was expected. */
const results: readonly ReportColumn[] = [
  speed,
  otherValue,
  burst,
  trainingStep,
  trainingPace,
  roof,
  predicted,
];

/** The columns that a terminal shows, in llama-bench's order. */
export const tableColumns: readonly ReportColumn[] = [
  machine,
  model,
  ...what,
  ...settingColumns,
  fit,
  test,
  ...results,
  origin,
];

/** The columns that a document shows: what was measured first, then what it was measured on. */
export const documentColumns: readonly ReportColumn[] = [
  machine,
  model,
  test,
  ...results,
  interval,
  tokenTimes,
  samples,
  fit,
  useFit,
  ...what,
  ...settingColumns,
  memory,
  origin,
];

/** The columns that these cases need. */
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
