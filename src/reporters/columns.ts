/** The table's columns: llama-bench's, under its headings, and what it doesn't have. */
import type { ReportedCase } from "../results/caseResult.ts";
import { formatParameters, formatSize, formatSpeed, plain } from "./format.ts";
import { outcome } from "./outcome.ts";
import { shownLow } from "./shownLow.ts";

export interface ReportColumn {
  readonly heading: string;
  readonly align: "left" | "right";
  /** Text of a cell, plain and on one line. */
  text(result: ReportedCase): string;
  /** What a sort goes by, where it isn't the text. */
  sortBy?(result: ReportedCase): number | null;
  /** Whether these cases need the column; without it they always do. */
  isNeeded?(cases: readonly ReportedCase[]): boolean;
}

type Key = keyof ReportedCase;

function show(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? plain(String(value)) : "";
}

/** Unknown is no difference: a case that didn't run resolved nothing. */
function differ(cases: readonly ReportedCase[], key: Key): boolean {
  return new Set(cases.map((result) => result[key]).filter((value) => value !== null)).size > 1;
}

/** A setting that is shown where cases differ in it, or one of them has it other than llama-bench's default. */
function setting(
  heading: string,
  key: Key,
  initial?: string | number,
  align: "left" | "right" = "right",
): ReportColumn {
  return {
    heading,
    align,
    text: (result) => show(result[key]),
    isNeeded: (cases) =>
      differ(cases, key) ||
      (initial !== undefined &&
        cases.some((result) => result[key] !== null && result[key] !== initial)),
  };
}

function isOnGpu(cases: readonly ReportedCase[]): boolean {
  return cases.some(({ backend }) => backend !== null && backend !== "cpu");
}

/** `llama-2-7b q4_0`. */
export function modelName(result: Pick<ReportedCase, "model" | "quantization">): string {
  return plain(`${result.model} ${result.quantization ?? ""}`);
}

/** Settings that a matrix can vary, with llama-bench's headings and defaults. */
export const settingColumns: readonly ReportColumn[] = [
  { ...setting("ngl", "n_gpu_layers"), isNeeded: isOnGpu },
  setting("ncmoe", "n_cpu_moe", 0),
  { ...setting("threads", "n_threads"), isNeeded: () => true },
  setting("n_batch", "n_batch", 2048),
  setting("n_ubatch", "n_ubatch", 512),
  setting("type_k", "type_k", "f16"),
  setting("type_v", "type_v", "f16"),
  setting("mg", "main_gpu", 0),
  setting("sm", "split_mode", "layer"),
  setting("nkvo", "no_kv_offload", 0),
  setting("fa", "flash_attn"),
  setting("ts", "tensor_split", "0.00"),
  setting("lm", "load_mode"),
];

const machine: ReportColumn = setting("machine", "machine", undefined, "left");
const model: ReportColumn = { heading: "model", align: "left", text: modelName };
const test: ReportColumn = {
  heading: "test",
  align: "right",
  text: (result) => plain(result.test),
};

const what: readonly ReportColumn[] = [
  {
    heading: "size",
    align: "right",
    text: ({ model_size: bytes }) => (bytes === null ? "" : formatSize(bytes)),
    sortBy: ({ model_size: bytes }) => bytes,
  },
  {
    heading: "params",
    align: "right",
    text: ({ model_n_params: count }) => (count === null ? "" : formatParameters(count)),
    sortBy: ({ model_n_params: count }) => count,
  },
  { heading: "weights", align: "left", text: ({ weights }) => weights ?? "" },
  { heading: "backend", align: "left", text: ({ backend }) => backend ?? "" },
];

const fit: ReportColumn = {
  heading: "fit",
  align: "left",
  text: (result) => result.fit ?? "",
  isNeeded: (cases) => cases.some((result) => result.fit !== null && result.fit !== "full"),
};

const speed: ReportColumn = {
  heading: "t/s",
  align: "right",
  text: outcome,
  sortBy: ({ avg_ts: mean }) => mean,
};

type Predicted = Pick<ReportedCase, "status" | "fit" | "predicted_ts">;

/** Of what wasn't measured, and of what was with layers on the CPU. */
function predictedSpeed(result: Predicted): number | null {
  return result.status === "measured" && result.fit !== "partial" ? null : result.predicted_ts;
}

/** `0.55 if it fitted`: never among the measured speeds, and never without the word. */
const predicted: ReportColumn = {
  heading: "predicted t/s",
  align: "right",
  text: (result) => {
    const value = predictedSpeed(result);
    if (value === null) return "";
    const fits = result.status !== "does_not_fit" && result.fit !== "none";
    return `${formatSpeed(value)}${fits ? "" : " if it fitted"}`;
  },
  sortBy: predictedSpeed,
  isNeeded: (cases) => cases.some((result) => predictedSpeed(result) !== null),
};

/** As a terminal shows it, in llama-bench's order. */
export const tableColumns: readonly ReportColumn[] = [
  machine,
  model,
  ...what,
  ...settingColumns,
  fit,
  test,
  speed,
  predicted,
];

const interval: ReportColumn = {
  heading: "95% interval",
  align: "right",
  text: ({ ci95_low_ts: low, ci95_high_ts: high }) =>
    low === null || high === null ? "" : `${formatSpeed(shownLow(low))} to ${formatSpeed(high)}`,
  sortBy: ({ ci95_low_ts: low }) => low,
  isNeeded: (cases) => cases.some(({ ci95_low_ts: low }) => low !== null),
};

const samples: ReportColumn = {
  heading: "samples",
  align: "right",
  text: ({ samples_ts: kept, launches }) =>
    launches === null || kept.length === 0
      ? ""
      : `${kept.length} in ${launches} ${launches === 1 ? "launch" : "launches"}`,
  sortBy: ({ samples_ts: kept }) => kept.length,
  isNeeded: (cases) => cases.some(({ launches }) => launches !== null),
};

function deviceBytes(result: ReportedCase): number | null {
  return result.device_bytes_measured ?? result.device_bytes_predicted;
}

/** Device bytes against the budget, measured where they are. */
const memory: ReportColumn = {
  heading: "device memory",
  align: "right",
  text: (result) => {
    const bytes = deviceBytes(result);
    if (bytes === null) return "";
    const about = result.device_bytes_measured === null ? "about " : "";
    const budget = result.gpu_budget_bytes;
    return `${about}${formatSize(bytes)}${budget === null ? "" : ` of ${formatSize(budget)}`}`;
  },
  sortBy: deviceBytes,
  isNeeded: (cases) => cases.some((result) => (deviceBytes(result) ?? 0) > 0),
};

/** Whether the model holds the context that people use it with: the case's own is often far smaller. */
const useFit: ReportColumn = {
  heading: "use fit",
  align: "left",
  text: ({ fit_ctx: context, fit_at_ctx: atContext, max_ctx: largest }) =>
    context === null || atContext === null
      ? ""
      : `${atContext} at ${context}${largest === null ? "" : `, up to ${largest}`}`,
  sortBy: ({ max_ctx: largest }) => largest,
  isNeeded: (cases) => cases.some(({ fit_at_ctx: atContext }) => atContext !== null),
};

/** As a document shows it: what was measured first, then what it was measured on. */
export const documentColumns: readonly ReportColumn[] = [
  machine,
  model,
  test,
  speed,
  predicted,
  interval,
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
  cases: readonly ReportedCase[],
): ReportColumn[] {
  return columns.filter((column) => column.isNeeded?.(cases) ?? true);
}

/** The column of speeds, which footnotes belong to. */
export function isSpeed(column: ReportColumn): boolean {
  return column === speed;
}
