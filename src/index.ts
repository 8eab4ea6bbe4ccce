/** llmbench as a library: measure, ask what fits, compare, read and write results. */
export { llmbenchVersion } from "./base/version.ts";
export { LlmbenchError, type ErrorCode } from "./errors.ts";

export { run, type Quietly } from "./usecases/runQuietly.ts";
export type { BenchOutcome } from "./usecases/bench.ts";
export type { OnEvent, RunEvent } from "./run/events.ts";
export type { GivenFlags } from "./suite/settings.ts";

export { fit, type FitQuestion } from "./usecases/fit/fit.ts";
export type { FitCell, FitModel } from "./usecases/fit/fitCells.ts";
export type { FitMachine } from "./usecases/fit/fitMachine.ts";
export type { FitVerdict } from "./fit/judgeFit.ts";
export { usualFitSettings, type FitSettings } from "./fit/memorySettings.ts";

export { compareFiles, type ComparedFiles } from "./usecases/compareFiles.ts";
export type { CompareOptions, Comparison, Pair } from "./compare/comparison.ts";

export type { CaseRecord, MeasuredRecord, UnmeasuredRecord } from "./bench/record.ts";
export { isMeasured } from "./bench/record.ts";
export { isTimed, type Launch, type TimedLaunch } from "./bench/launch.ts";
export { testName, workloadOf, type Workload } from "./bench/workload.ts";
export type { EngineInfo } from "./bench/engineInfo.ts";
export { columnNames, columns, type ColumnName } from "./results/columns/columns.ts";
export type { RunLine } from "./results/journalLines.ts";
export { readJournal } from "./results/readJournal.ts";
export { readResults, type Detail, type Results } from "./results/readResults.ts";
export { resultFiles } from "./results/resultFiles.ts";
export type { JournalRow } from "./results/row.ts";
export { rowOf } from "./results/rowOf.ts";
export { schemaVersion } from "./results/schemaVersion.ts";
export { toCsv } from "./results/writeCsv.ts";
export { renderReport, writeReports } from "./reporters/writeReports.ts";
export { reportFormats, type ReportFormat } from "./reporters/registry.ts";

export { catalogue } from "./models/catalogue.ts";
export {
  publishedQuality,
  qualityMetrics,
  type PublishedQuality,
  type QualityMetric,
  type QualityQuestion,
} from "./models/publishedQuality.ts";
export { loadMachines } from "./machine/machineCatalogue.ts";
export type { MachineInfo } from "./machine/machineInfo.ts";
