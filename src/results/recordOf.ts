/** Rows as records: what the CSV's and the journal's readers make of a row. */
import { isNonEmpty, type Launch, type NonEmpty } from "../bench/launch.ts";
import type { CaseFacts, CaseRecord } from "../bench/record.ts";
import type { Interval, Summary, Sustained, TokenPercentiles } from "../bench/summary.ts";
import { ownMetric, type Workload } from "../bench/workload.ts";
import { LlmbenchError } from "../errors.ts";
import { reasonOf } from "./codes.ts";
import { buffersOf, launchOf } from "./launchLine.ts";
import { partOf } from "./partOf.ts";
import type { ReadRow } from "./row.ts";
import { SharedParts, type ChangedColumns, type Shared } from "./sharedParts.ts";
import { toldLaunches, untoldLaunches } from "./toldLaunches.ts";
import { unknownCase } from "./unknownCase.ts";

/** A row that no case can be. */
export class RowMismatch extends Error {
  override readonly name = "RowMismatch";
}

/** Whether launches that a file doesn't keep are told apart by its samples: few readers need it, and memory goes for it. */
export type ToldLaunches = "apart" | "together";

export class RecordMaker {
  private readonly told: ToldLaunches;
  private readonly shared = new SharedParts();

  constructor(told: ToldLaunches = "apart") {
    this.told = told;
  }

  /**
   * Nothing of the row's object is kept.
   * @param changed since the row before, where the reader knows it.
   * @throws RowMismatch
   */
  of(row: ReadRow, changed: ChangedColumns = null): CaseRecord {
    const facts = factsOf(row, this.shared.of(row, changed));
    const { status, reason } = row;
    const log = row.stderr_tail ?? [];
    // Assigned, not spread: V8 gives each object that a spread makes of these a hidden class of its own.
    switch (status) {
      case "measured": {
        const summary = summaryOf(row, facts.workload);
        return Object.assign(facts, { status, launches: this.launchesOf(row, summary), summary });
      }
      case "does_not_fit":
        return Object.assign(facts, { status, reason: reasonOf(status, reason), log });
      case "failed":
        return Object.assign(facts, { status, reason: reasonOf(status, reason), log });
      case "skipped":
        return Object.assign(facts, { status, reason: reasonOf(status, reason), log });
      default:
        return status satisfies never;
    }
  }

  /** The journal's own; of a file that doesn't keep them, as told. */
  private launchesOf(row: ReadRow, summary: Summary): NonEmpty<Launch> {
    const kept = (row.launch_results ?? []).map(launchOf);
    if (isNonEmpty(kept)) return kept;
    return this.told === "apart" ? toldLaunches(summary) : untoldLaunches;
  }
}

const noBuffers: CaseFacts["buffers"] = [];

function factsOf(row: ReadRow, parts: Shared): CaseFacts {
  const { id, runId, predictedTs, seed, testTime } = partOf("case", row);
  return {
    id,
    runId,
    machine: parts.machine,
    engine: parts.engine,
    model: parts.model,
    settings: parts.settings,
    workload: parts.workload,
    fit: parts.fit,
    memory: parts.memory,
    buffers: row.buffers === undefined ? noBuffers : row.buffers.map(buffersOf),
    predictedTs,
    seed,
    warnings: parts.warnings,
    testTime,
    outputError: row.output_nmse ?? null,
    llamaBench: row.llama_bench ?? null,
  };
}

/** Says where a row stands that no case can be. @throws LlmbenchError `input` */
export function madeAt(place: string, make: () => CaseRecord): CaseRecord {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof RowMismatch)) throw error;
    throw new LlmbenchError("input", `${place}: ${error.message}`, { cause: error });
  }
}

/** A row by itself. @throws RowMismatch */
export function recordOf(row: ReadRow): CaseRecord {
  return new RecordMaker().of(row);
}

/** What was measured has a speed: a row without one would pass for a model that isn't on its GPU. */
function summaryOf(row: ReadRow, workload: Workload): Summary {
  if (row.avg_ts === null)
    throw new RowMismatch("avg_ts: expected a speed where status is measured, got nothing");
  const summary: Fillable<Summary> = partOf("summary", row);
  summary.metric = ownMetric(workload);
  summary.mean = row.avg_ts;
  summary.sd = row.stddev_ts;
  summary.median = row.median_ts;
  summary.mad = row.mad_ts;
  summary.min = row.min_ts;
  summary.max = row.max_ts;
  summary.ci95 = intervalOf(row);
  summary.sdWithin = row.sd_within_ts;
  summary.sdBetween = row.sd_between_ts;
  summary.values = row.samples_ts;
  summary.sustained = sustainedOf(row);
  summary.tokenMs = tokenMsOf(row);
  return summary;
}

/** While it is made. */
type Fillable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Most rows have none, and share that. */
function tokenMsOf(row: ReadRow): TokenPercentiles {
  const { token_p50_ms: p50, token_p90_ms: p90, token_p99_ms: p99 } = row;
  return p50 === null && p90 === null && p99 === null
    ? unknownCase.summary.tokenMs
    : partOf("tokenMs", row);
}

function intervalOf({ ci95_low_ts: low, ci95_high_ts: high }: ReadRow): Interval | null {
  return low === null || high === null ? null : { low, high };
}

function sustainedOf(row: ReadRow): Sustained | null {
  const { sustain_s: seconds, speed_over_time: points = [] } = row;
  return seconds === null ? null : { ...partOf("sustained", row), seconds, points };
}
