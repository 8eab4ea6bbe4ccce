/** Rows as records: what the CSV's and the journal's readers make of a row. */
import { isNonEmpty, type Launch, type NonEmpty } from "../bench/launch.ts";
import type { CaseFacts, CaseRecord } from "../bench/record.ts";
import type { Summary } from "../bench/summary.ts";
import { isKnown, isOfMachine } from "../bench/workload.ts";
import { LlmbenchError } from "../errors.ts";
import { reasonOf } from "./codes.ts";
import { buffersOf, launchOf } from "./launchLine.ts";
import { partOf } from "./partOf.ts";
import type { ReadRow } from "./row.ts";
import { RowMismatch } from "./rowMismatch.ts";
import { SharedParts, type ChangedColumns, type Shared } from "./sharedParts.ts";
import { summaryOfRow } from "./summaryOfRow.ts";
import { toldLaunches, untoldLaunches } from "./toldLaunches.ts";

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
        const kept = (row.launch_results ?? []).map(launchOf);
        const summary = summaryOfRow(row, facts.workload, kept);
        const launches = isNonEmpty(kept) ? kept : this.launchesOf(summary);
        return Object.assign(facts, { status, launches, summary });
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

  /** Of a file that doesn't keep them. */
  private launchesOf(summary: Summary): NonEmpty<Launch> {
    return this.told === "apart" ? toldLaunches(summary) : untoldLaunches;
  }
}

const noBuffers: CaseFacts["buffers"] = [];

function factsOf(row: ReadRow, parts: Shared): CaseFacts {
  requireModel(row, parts);
  const own = partOf("case", row);
  return {
    id: own.id,
    runId: own.runId,
    machine: parts.machine,
    engine: parts.engine,
    model: parts.model,
    settings: parts.settings,
    workload: parts.workload,
    fit: parts.fit,
    memory: parts.memory,
    buffers: row.buffers === undefined ? noBuffers : row.buffers.map(buffersOf),
    predictedTs: own.predictedTs,
    predictedLowTs: own.predictedLowTs,
    predictedHighTs: own.predictedHighTs,
    predictedBasis: own.predictedBasis,
    shareOfRoof: own.shareOfRoof,
    seed: own.seed,
    warnings: parts.warnings,
    testTime: own.testTime,
    source: own.source,
    outputError: row.output_nmse ?? null,
    llamaBench: row.llama_bench ?? null,
  };
}

/** Only tests of the machine alone have none, and what a later version may measure without one. */
function requireModel({ model }: ReadRow, { workload }: Shared): void {
  if (model !== null || isOfMachine(workload) || !isKnown(workload)) return;
  throw new RowMismatch("model: expected text, got nothing");
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
