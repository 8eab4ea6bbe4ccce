/** A run in a few words: when, on what, how fast, and what larger models would do there. */
import { getOrMake } from "../base/getOrMake.ts";
import { isMeasured, type CaseRecord, type MeasuredRecord } from "../bench/record.ts";
import { isKnown, ownMetric, testName, type MetricName } from "../bench/workload.ts";
import { unitOf } from "../bench/metrics.ts";
import { outlookOf, type Outlook } from "../predict/outlook.ts";
import type { RunFacts } from "../results/journalLines.ts";
import { modelName } from "./caseName.ts";
import { formatSize, formatSpeedWithSpread, plain } from "./format.ts";
import type { Reported } from "./reporter.ts";

export interface RunSummary {
  /** `23 November 2026`; null where no file says. */
  readonly date: string | null;
  /** `Apple M3 Max, 40 GPU cores, 64 GiB of RAM shared with the GPU, macOS 15.1`; one a machine. */
  readonly machines: readonly string[];
  readonly numbers: readonly HeadlineNumber[];
  /** A sentence; null where nothing tells. */
  readonly outlook: string | null;
}

export interface HeadlineNumber {
  /** `66.31 ± 0.31 t/s`. */
  readonly value: string;
  /** `writes llama-2-7b q4_0 (tg128)`. */
  readonly text: string;
}

/** Made once for all documents of a report. */
export function runSummary(reported: Reported): RunSummary {
  return getOrMake(summaries, reported, () => summaryOf(reported));
}

const summaries = new WeakMap<Reported, RunSummary>();

function summaryOf({ runs, cases }: Reported): RunSummary {
  return {
    date: dateOf(runs, cases),
    machines: machinesOf(runs, cases),
    numbers: numbersOf(cases),
    outlook:
      runs.length === 1 && runs[0] !== undefined ? outlookText(outlookOf(runs[0], cases)) : null,
  };
}

const months =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** `2026-11-23T…` as `23 November 2026`; from the first day to the last. */
function dateOf(runs: readonly RunFacts[], cases: readonly CaseRecord[]): string | null {
  const times = [
    ...runs.map(({ started_at: at }) => at),
    ...cases.flatMap(({ testTime }) => testTime ?? []),
  ];
  const days = [...new Set(times.map((time) => time.slice(0, 10)))]
    .filter((day) => /^\d{4}-\d\d-\d\d$/.test(day))
    .toSorted();
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  return first === last ? dayText(first) : `${dayText(first)} to ${dayText(last)}`;
}

function dayText(day: string): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${months[(month ?? 1) - 1]} ${year}`;
}

function machinesOf(runs: readonly RunFacts[], cases: readonly CaseRecord[]): string[] {
  const firsts = new Map(cases.toReversed().map((record) => [record.machine.name, record]));
  if (firsts.size === 0)
    return runs.map(({ machine }) => plain(machine.gpu_info ?? machine.cpu_info));
  return [...firsts.values()].toReversed().map((record) => machineWords(record, runs));
}

function machineWords({ machine, runId }: CaseRecord, runs: readonly RunFacts[]): string {
  const run = runs.find(({ run_id: id }) => id === runId)?.machine;
  const { gpu, gpuCores, cpu, ramBytes, gpuBudgetBytes, os } = machine;
  const shared = run?.unified_memory === true;
  const parts = [
    gpu ?? cpu ?? machine.name,
    gpuCores === null ? null : `${gpuCores} GPU cores`,
    gpu === null || gpuBudgetBytes === null || shared
      ? null
      : `${formatSize(gpuBudgetBytes)} for the GPU`,
    ramBytes === null
      ? null
      : `${formatSize(ramBytes)} of RAM${shared ? " shared with the GPU" : ""}`,
    os,
    machine.powerSource === "battery" ? "on battery" : null,
  ];
  return plain(parts.filter((part) => part !== null && part !== "").join(", "));
}

const works = {
  tg_ts: "writes",
  pp_ts: "reads",
  pg_ts: "reads and writes",
} as const satisfies Partial<Record<MetricName, string>>;

/** The speeds of the largest model that was measured, writing before reading: what one asks first. */
function numbersOf(cases: readonly CaseRecord[]): HeadlineNumber[] {
  const measured = cases.filter(isMeasured).filter(({ workload }) => isKnown(workload));
  const largest = measured.reduce<MeasuredRecord | null>(
    (best, record) => (best === null || sizeOf(record) > sizeOf(best) ? record : best),
    null,
  );
  if (largest === null) return [];
  const name = modelName(largest);
  const isOwn = (record: MeasuredRecord) =>
    record.machine.name === largest.machine.name && modelName(record) === name;
  return (["tg_ts", "pp_ts", "pg_ts"] as const)
    .flatMap((metric): HeadlineNumber[] => {
      const record = measured.find(
        (one) => isKnown(one.workload) && ownMetric(one.workload) === metric && isOwn(one),
      );
      if (record === undefined) return [];
      const { mean, sd } = record.summary;
      return [
        {
          value: `${formatSpeedWithSpread(mean, sd)} ${plain(unitOf(record.workload))}`,
          text: `${works[metric]} ${modelName(record)} (${plain(testName(record.workload))})`,
        },
      ];
    })
    .slice(0, 2);
}

function sizeOf({ memory, model }: CaseRecord): number {
  return memory.weightsBytes ?? model.bytes ?? 0;
}

/** `Predicted from these results: Llama 2 at Q4_0 writes 7B at about 66 t/s (63 to 69), …`. */
function outlookText(all: readonly Outlook[]): string | null {
  if (all.length === 0) return null;
  return `Predicted from these results, Llama 2 at Q4_0 (tg): ${all.map(phrase).join(", ")}.`;
}

function phrase({ size, fit, speed }: Outlook): string {
  const name = size.toUpperCase();
  if (fit === "none") return `${name} does not fit`;
  if (speed === null) return `${name} ${fit === "full" ? "fits" : "runs"}`;
  const part = fit === "partial" ? ", in part on the CPU" : "";
  return `${name} about ${rounded(speed.tg_ts)} t/s (${rounded(speed.low)} to ${rounded(speed.high)}${part})`;
}

function rounded(speed: number): string {
  return speed < 10 ? speed.toPrecision(2) : speed.toFixed(0);
}
