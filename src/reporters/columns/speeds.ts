/** How fast it was, or would be. */
import { count } from "../../base/count.ts";
import type { Fit } from "../../bench/fit.ts";
import { isSpeed } from "../../bench/metrics.ts";
import { summaryOf, type CaseRecord } from "../../bench/record.ts";
import type { TokenPercentiles } from "../../bench/summary.ts";
import { stepMs, trainTflops } from "../../bench/trainingFigures.ts";
import { formatMilliseconds, formatSpeed, shownLow, threeDigits } from "../format.ts";
import { outcome, outcomeWithUnit } from "../outcome.ts";
import { shareText } from "../roofWords.ts";
import { measure, someTell, type ReportColumn } from "./column.ts";

/** How many tokens per second; of what gave none, what happened instead. */
export const speed: ReportColumn = {
  heading: "t/s",
  align: "right",
  text: (record) => (isSpeed(record.workload) ? outcome(record) : ""),
  sortBy: (record) => (isSpeed(record.workload) ? (summaryOf(record)?.mean ?? null) : null),
  isNeeded: (cases) => cases.length === 0 || cases.some(({ workload }) => isSpeed(workload)),
};

/** The value of tests that are measured in another unit than tokens per second. */
export const otherValue: ReportColumn = {
  heading: "value",
  align: "right",
  text: (record) => (isSpeed(record.workload) ? "" : outcomeWithUnit(record)),
  sortBy: (record) => (isSpeed(record.workload) ? null : (summaryOf(record)?.mean ?? null)),
  isNeeded: (cases) => cases.some(({ workload }) => !isSpeed(workload)),
};

/** What the machine reaches behind a rest, where a test says so. */
export const burst: ReportColumn = {
  ...measure("burst", burstOf, threeDigits),
  isNeeded: someTell(burstOf),
};

/** How near a case comes to what its machine can do. */
export const roof: ReportColumn = {
  ...measure("of roof", shareOfRoof, shareText),
  isNeeded: someTell(shareOfRoof),
};

function shareOfRoof(record: CaseRecord): number | null {
  return record.shareOfRoof;
}

/** What a training step takes. */
export const trainingStep: ReportColumn = {
  ...measure("ms a step", stepMs, formatMilliseconds),
  spare: 4,
  isNeeded: someTell(stepMs),
};

/** What it computes meanwhile, by formula. */
export const trainingPace: ReportColumn = {
  ...measure("TFLOP/s", trainTflops, threeDigits),
  spare: 3,
  isNeeded: someTell(trainTflops),
};

function burstOf(record: CaseRecord): number | null {
  return summaryOf(record)?.readings.burstValue ?? null;
}

/** Whether a prediction of a placement that was measured is worth a look: of layers on the CPU it is far less sure. */
const isToldBesideMeasured = {
  full: false,
  partial: true,
  none: false,
  unknown: false,
} as const satisfies Record<Fit, boolean>;

/** Tokens per second predicted of what wasn't measured, and of what was with layers on the CPU. */
function predictedSpeed(record: CaseRecord): number | null {
  const { atCase } = record.fit;
  const isTold = record.status !== "measured" || (atCase !== null && isToldBesideMeasured[atCase]);
  return isTold ? record.predictedTs : null;
}

/** Whether the predicted speed is one that the machine's memory doesn't allow. */
function isTooLarge(record: CaseRecord): boolean {
  return record.status === "does_not_fit" || record.fit.atCase === "none";
}

/** `0.55 if it fitted`: never among the measured speeds, and never without the word. */
export const predicted: ReportColumn = {
  heading: "predicted t/s",
  align: "right",
  text: (record) => {
    const value = predictedSpeed(record);
    if (value === null) return "";
    return `${formatSpeed(value)}${isTooLarge(record) ? " if it fitted" : ""}`;
  },
  sortBy: predictedSpeed,
  isNeeded: someTell(predictedSpeed),
};

function tokenTimesOf(record: CaseRecord): TokenPercentiles | null {
  const times = summaryOf(record)?.tokenMs ?? null;
  return times?.p50 === null ? null : times;
}

/** What single tokens took: half of them at most the first number, 90% the second, 99% the third. */
export const tokenTimes: ReportColumn = {
  heading: "token ms p50 / p90 / p99",
  align: "right",
  text: (record) => {
    const times = tokenTimesOf(record);
    if (times === null) return "";
    return [times.p50, times.p90, times.p99]
      .map((ms) => (ms === null ? "–" : formatMilliseconds(ms)))
      .join(" / ");
  },
  sortBy: (record) => tokenTimesOf(record)?.p50 ?? null,
  isNeeded: (cases) => cases.some((record) => tokenTimesOf(record) !== null),
};

export const interval: ReportColumn = {
  heading: "95% interval",
  align: "right",
  text: (record) => {
    const ci95 = summaryOf(record)?.ci95 ?? null;
    const format = isSpeed(record.workload) ? formatSpeed : threeDigits;
    return ci95 === null ? "" : `${format(shownLow(ci95.low))} to ${format(ci95.high)}`;
  },
  sortBy: (record) => summaryOf(record)?.ci95?.low ?? null,
  isNeeded: (cases) => cases.some((record) => (summaryOf(record)?.ci95 ?? null) !== null),
};

export const samples: ReportColumn = {
  heading: "samples",
  align: "right",
  text: (record) => {
    const { launches, values } = summaryOf(record) ?? { launches: null, values: [] };
    return launches === null || values.length === 0
      ? ""
      : `${values.length} in ${count(launches, "launch", "launches")}`;
  },
  sortBy: (record) => summaryOf(record)?.values.length ?? 0,
  isNeeded: (cases) => cases.some((record) => (summaryOf(record)?.launches ?? null) !== null),
};
