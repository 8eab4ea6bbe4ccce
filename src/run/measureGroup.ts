/** Measures one group of cases in one launch: loads the model once, and again only after its process ended. */
import { EngineError, Interrupted, type Engine, type Session } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import { conditionsBetween, readConditions } from "../machine/conditions.ts";
import type { BenchCase, LoadGroup } from "../plan/plan.ts";
import type { CaseResult, LaunchResult } from "../results/caseResult.ts";
import {
  plannedRow,
  withModel,
  withOutputError,
  withoutResult,
  type RowContext,
} from "./caseRow.ts";
import type { OnEvent } from "./events.ts";
import { GroupLaunch } from "./groupLaunch.ts";
import { withLaunch } from "./launchRow.ts";
import type { LoadWatch } from "./loadWatch.ts";
import { repetitionRule } from "./repetitionRule.ts";
import type { RunOptions } from "./runOptions.ts";
import { watch } from "./watch.ts";
import { changeOf, ModelChanged } from "./weightsFile.ts";

export interface GroupRequest {
  readonly engine: Engine;
  readonly group: LoadGroup;
  readonly launch: number;
  readonly options: RunOptions;
  readonly rows: RowContext;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly onCase: (one: BenchCase) => void;
  readonly load: LoadWatch;
  /** How far the device's logits are from the CPU's; null where nothing is on a device or they weren't compared. */
  readonly outputError: number | null;
  /** The row that the case's launches before this one made; null before the first. */
  readonly earlier: (one: BenchCase) => CaseResult | null;
}

export interface GroupResult {
  readonly one: BenchCase;
  readonly row: CaseResult;
  /** The weights alone did not fit. */
  readonly atLoad: boolean;
}

/** Yields each case's row as it is known. @throws {Interrupted} */
export async function* measureGroup(request: GroupRequest): AsyncGenerator<GroupResult> {
  const { group } = request;
  const launch = new GroupLaunch(request);
  try {
    for (const one of group.cases) {
      request.onCase(one);
      let row = plannedRow(one, request.rows);
      let atLoad = true;
      try {
        const session = await launch.session();
        row = withOutputError(withModel(row, session.model), request.outputError);
        atLoad = false;
        row = await measureOne(request, session, one, row);
      } catch (error) {
        row = failedRow(row, await causeOf(error, group));
      }
      yield { one, row, atLoad };
    }
  } finally {
    await launch.close();
  }
}

/** Whatever llama.cpp says of a file that is not what it was (a mapped one that shrank is a SIGBUS), this is the cause. */
async function causeOf(error: unknown, { variant }: LoadGroup): Promise<unknown> {
  if (!(error instanceof EngineError) || error.status !== "failed") return error;
  const change = await changeOf(variant);
  return change === null
    ? error
    : new EngineError("failed", "model_changed", `${change}; ${error.message}`, error.logTail);
}

async function measureOne(
  request: GroupRequest,
  session: Session,
  one: BenchCase,
  row: CaseResult,
): Promise<CaseResult> {
  const { options, launch, earlier, rows } = request;
  const before = await readConditions();
  const otherLoadSince = request.load.watch();
  const startedAt = new Date();
  const measured = await session.measure(
    {
      workload: one.settings.workload,
      context: one.settings.context,
      repetitions: repetitionRule(options, one.launches),
      warmup: options.warmup,
      delaySeconds: options.delaySeconds,
      // Each launch draws tokens of its own.
      seed: options.seed + launch - 1,
    },
    watch(request, row),
  );
  const otherLoad = await otherLoadSince(measured.cpuMs);
  const result: LaunchResult = {
    launch,
    load_ms: session.model.loadMs,
    warmup_ns: [...measured.warmupNs],
    samples_ns: [...measured.samplesNs],
    stopped_by: measured.stoppedBy,
    ...(measured.stoppedBy === "sustain" ? { started_ns: [...measured.startedNs] } : {}),
    ...(measured.suspended > 0 ? { suspended: measured.suspended } : {}),
    memory: measured.memory,
    conditions: { ...conditionsBetween(before, await readConditions()), other_load: otherLoad },
  };
  return {
    ...withLaunch(row, one, measured, result, earlier(one), rows.noise),
    test_time: startedAt.toISOString().replace(/\.\d+Z$/u, "Z"),
  };
}

function failedRow(row: CaseResult, error: unknown): CaseResult {
  if (error instanceof EngineError) {
    return withoutResult(row, error.status, error.code, error.message, error.logTail);
  }
  if (error instanceof ModelChanged) {
    return withoutResult(row, "failed", "model_changed", error.message);
  }
  // Weights that could not be written or read: the others of the sweep may still be.
  if (error instanceof LlmbenchError || isSystemError(error)) {
    return withoutResult(row, "failed", "engine_error", error.message);
  }
  if (isAbort(error)) throw new Interrupted("interrupted", { cause: error });
  throw error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function isAbort(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Error && error.name === "AbortError");
}
