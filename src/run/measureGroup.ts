/** Measures one group of cases in one launch: loads the model once, and again only after a crash. */
import {
  EngineError,
  Interrupted,
  type Engine,
  type Session,
  type Watch,
} from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import type { BenchCase, LoadGroup } from "../plan/plan.ts";
import type { CaseResult, LaunchResult } from "../results/caseResult.ts";
import { tokensPerSecond } from "../results/summarizeCase.ts";
import { plannedRow, withLaunch, withModel, withoutResult, type RowContext } from "./caseRow.ts";
import type { OnEvent } from "./events.ts";
import type { RunOptions } from "./runOptions.ts";
import { ModelChanged, provideWeights } from "./weightsFile.ts";

export interface GroupRequest {
  readonly engine: Engine;
  readonly group: LoadGroup;
  readonly launch: number;
  readonly options: RunOptions;
  readonly rows: RowContext;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly onCase: (one: BenchCase) => void;
  readonly earlier: (one: BenchCase) => readonly LaunchResult[];
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
  let session: Session | null = null;
  let loadFailure: unknown = null;
  try {
    for (const one of group.cases) {
      request.onCase(one);
      let row = plannedRow(one, request.rows);
      let atLoad = true;
      try {
        // What could not be loaded for one case can't be for the next.
        if (loadFailure !== null) throw loadFailure;
        if (session === null || !session.alive) {
          await session?.close();
          session = await open(request).catch((error: unknown) => {
            loadFailure = error;
            throw error;
          });
        }
        row = withModel(row, session.model);
        atLoad = false;
        row = await measureOne(request, session, one, row);
      } catch (error) {
        row = failedRow(row, error);
      }
      yield { one, row, atLoad };
    }
  } finally {
    await session?.close();
  }
}

async function open(request: GroupRequest): Promise<Session> {
  const { engine, group, onEvent, launch, signal } = request;
  const { variant, placement } = group;
  await provideWeights(variant, onEvent, signal);
  onEvent({ type: "loading", variant, launch });
  return engine.open({ path: variant.source.path, placement }, watch(request, 0));
}

async function measureOne(
  request: GroupRequest,
  session: Session,
  one: BenchCase,
  row: CaseResult,
): Promise<CaseResult> {
  const { options, launch, earlier } = request;
  const startedAt = new Date();
  const measured = await session.measure(
    {
      workload: one.settings.workload,
      context: one.settings.context,
      repetitions: repetitionsOf(options),
      warmup: options.warmup,
      delaySeconds: options.delaySeconds,
      // Each launch draws tokens of its own.
      seed: options.seed + launch - 1,
    },
    watch(request, row.n_prompt + row.n_gen),
  );
  const result: LaunchResult = {
    launch,
    load_ms: session.model.loadMs,
    warmup_ns: [...measured.warmupNs],
    samples_ns: [...measured.samplesNs],
    stopped_by: measured.stoppedBy,
  };
  return {
    ...withLaunch(row, measured, result, earlier(one)),
    test_time: startedAt.toISOString().replace(/\.\d+Z$/u, "Z"),
  };
}

function repetitionsOf({ repetitions, precision, maxTimeSeconds }: RunOptions) {
  return repetitions === "auto" ? { precision, maxSeconds: maxTimeSeconds } : repetitions;
}

function watch({ options, signal, onEvent }: GroupRequest, tokens: number): Watch {
  let repetition = 0;
  return {
    signal,
    timeoutSeconds: options.timeoutSeconds,
    onPhase: (phase) => onEvent({ type: "phase", phase }),
    onSample: (ns) => {
      repetition += 1;
      onEvent({ type: "sample", repetition, tokensPerSecond: tokensPerSecond(ns, tokens) });
    },
  };
}

function failedRow(row: CaseResult, error: unknown): CaseResult {
  if (error instanceof EngineError) {
    return withoutResult(row, error.status, error.code, error.message, error.logTail);
  }
  if (error instanceof ModelChanged) {
    return withoutResult(row, "failed", "model_changed", error.message);
  }
  // Weights that could not be written: the others of the sweep may still be.
  if (error instanceof LlmbenchError) {
    return withoutResult(row, "failed", "engine_error", error.message);
  }
  if (isAbort(error)) throw new Interrupted("interrupted", { cause: error });
  throw error;
}

function isAbort(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Error && error.name === "AbortError");
}
