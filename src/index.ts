/** llmbench as a library: plan and measure, read results, compare them, report them. */
export { LlmbenchError, type ErrorCode } from "./errors.ts";

export { runSettings, type SuiteRun } from "./suite/runSettings.ts";
export type { GivenFlags, RunSettings } from "./suite/settings.ts";
export { prepareRun, type PreparedRun } from "./run/prepareRun.ts";
export { startRun } from "./run/startRun.ts";
export { prepareResume, resumeRun, type ResumableRun } from "./run/resumeRun.ts";
export type { OnEvent, RunEvent } from "./run/events.ts";
export type { RunOutcome } from "./run/executeRun.ts";

export type { CaseRecord, MeasuredRecord } from "./bench/record.ts";
export { columnNames, type ColumnName } from "./results/columns/columns.ts";
export { readResults, type Detail, type Results } from "./results/readResults.ts";
export { rowOf } from "./results/rowOf.ts";
export { schemaVersion } from "./results/schemaVersion.ts";
export { renderReport, writeReports } from "./reporters/writeReports.ts";
export { reportFormats, type ReportFormat } from "./reporters/registry.ts";
