/** Whether it fits, and what it takes. */
import type { CaseRecord } from "../../bench/record.ts";
import { formatSize } from "../format.ts";
import { show, type ReportColumn } from "./column.ts";

export const fit: ReportColumn = {
  heading: "fit",
  align: "left",
  text: (record) => show(record.fit.atCase),
  isNeeded: (cases) =>
    cases.some((record) => record.fit.atCase !== null && record.fit.atCase !== "full"),
};

function deviceBytes(record: CaseRecord): number | null {
  return record.memory.deviceMeasured ?? record.memory.devicePredicted;
}

/** Device bytes against the budget, measured where they are. */
export const memory: ReportColumn = {
  heading: "device memory",
  align: "right",
  text: (record) => {
    const bytes = deviceBytes(record);
    if (bytes === null) return "";
    const about = record.memory.deviceMeasured === null ? "about " : "";
    const budget = record.machine.gpuBudgetBytes;
    return `${about}${formatSize(bytes)}${budget === null ? "" : ` of ${formatSize(budget)}`}`;
  },
  sortBy: deviceBytes,
  isNeeded: (cases) => cases.some((record) => (deviceBytes(record) ?? 0) > 0),
};

/** Whether the model holds the context that people use it with: the case's own is often far smaller. */
export const useFit: ReportColumn = {
  heading: "use fit",
  align: "left",
  text: (record) => {
    const { useCtx, atUse, maxCtx } = record.fit;
    if (useCtx === null || atUse === null) return "";
    return `${atUse} at ${useCtx}${maxCtx === null ? "" : `, up to ${maxCtx}`}`;
  },
  sortBy: (record) => record.fit.maxCtx,
  isNeeded: (cases) => cases.some((record) => record.fit.atUse !== null),
};
