/** Measures one group of cases in one launch: loads the model once, and again only after its process ended. */
import type { TimedLaunch } from "../bench/launch.ts";
import { ownValues } from "../bench/metrics.ts";
import { noReadings } from "../bench/readings.ts";
import type { CaseFacts, CaseRecord, MeasuredRecord, UnmeasuredRecord } from "../bench/record.ts";
import type { PageCache } from "../bench/weights.ts";
import { EngineError, Interrupted, type Engine, type Session } from "../engines/engine.ts";
import { LlmbenchError } from "../errors.ts";
import type { Meters } from "../meters/meters.ts";
import type { BenchCase, LoadGroup } from "../plan/benchCase.ts";
import { ModelChanged } from "../plan/weights/weights.ts";
import { pooledScatter } from "../statistics/pooledScatter.ts";
import { openedFacts, plannedFacts, withOutputError } from "./caseFacts.ts";
import type { RunContext } from "./runContext.ts";
import type { OnEvent } from "./events.ts";
import { GroupLaunch } from "./groupLaunch.ts";
import { withLaunch } from "./measuredCase.ts";
import { agreementOf, repetitionRule } from "./repetitionRule.ts";
import type { RunOptions } from "./runOptions.ts";
import { unmeasured } from "./unmeasured.ts";
import { watch } from "./watch.ts";

export interface GroupRequest {
  readonly engine: Engine;
  readonly group: LoadGroup;
  readonly launch: number;
  readonly options: RunOptions;
  readonly context: RunContext;
  readonly meters: Meters;
  /** How far the device's logits are from the CPU's; null where nothing is on a device or they weren't compared. */
  readonly outputError: number | null;
  /** The case's launches before this one. */
  readonly earlier: (one: BenchCase) => readonly TimedLaunch[];
  readonly onCase: (one: BenchCase) => void;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

export interface GroupResult {
  readonly case: BenchCase;
  readonly record: CaseRecord;
  /** The weights alone did not fit. */
  readonly atLoad: boolean;
}

/** Yields each case's record as it is known. @throws {Interrupted} */
export async function* measureGroup(request: GroupRequest): AsyncGenerator<GroupResult> {
  const { group } = request;
  const launch = new GroupLaunch(request);
  try {
    for (const one of group.cases) {
      request.onCase(one);
      let facts = plannedFacts(one, request.context);
      let atLoad = true;
      let record: CaseRecord;
      try {
        const session = await launch.session();
        facts = withOutputError(
          openedFacts(facts, session.model, pageCacheOf(request)),
          request.outputError,
        );
        atLoad = false;
        record = await measureOne(request, session, one, facts);
      } catch (error) {
        record = failedRecord(facts, await causeOf(error, group));
      }
      yield { case: one, record, atLoad };
    }
  } finally {
    await launch.close();
  }
}

function pageCacheOf({ group, context }: GroupRequest): PageCache | null {
  const { opened } = group.variant.weights;
  return opened === null ? null : (context.pageCaches.get(opened) ?? null);
}

/** Whatever an engine says of a file that is not what it was (a mapped one that shrank is a SIGBUS), this is the cause. */
async function causeOf(error: unknown, { variant }: LoadGroup): Promise<unknown> {
  if (!(error instanceof EngineError) || error.failing.status !== "failed") return error;
  const change = await variant.weights.changed();
  return change === null
    ? error
    : new EngineError(modelChanged, `${change}; ${error.message}`, error.logTail);
}

const modelChanged = { status: "failed", code: "model_changed" } as const;
const engineFailed = { status: "failed", code: "engine_error" } as const;

async function measureOne(
  request: GroupRequest,
  session: Session,
  one: BenchCase,
  facts: CaseFacts,
): Promise<MeasuredRecord> {
  const { options, launch: number, earlier, context, meters } = request;
  const stopMeters = await meters.start();
  const startedAt = new Date();
  const { workload, context: settings } = one.settings;
  const before = earlier(one);
  const scatter = pooledScatter(before.map((each) => ownValues(each, workload) ?? []));
  const measured = await session.run(
    workload,
    {
      context: settings,
      repetitions: repetitionRule(options, one.launches, scatter),
      warmup: options.warmup,
      agreement: agreementOf(scatter),
      delaySeconds: options.delaySeconds,
      // Each launch draws tokens of its own.
      seed: options.seed + number - 1,
      mostSeconds: options.maxTimeSeconds,
    },
    watch(request, facts),
  );
  const launch: TimedLaunch = {
    ...measured.times,
    kind: "timed",
    number,
    readings: { ...noReadings, ...measured.readings, ...(await stopMeters(measured.ownMs)) },
  };
  const { noise } = context;
  return {
    ...withLaunch({ case: one, facts, measured, launch, earlier: before, noise }),
    testTime: startedAt.toISOString().replace(/\.\d+Z$/u, "Z"),
  };
}

function failedRecord(facts: CaseFacts, error: unknown): UnmeasuredRecord {
  if (error instanceof EngineError)
    return unmeasured(facts, error.failing, error.message, error.logTail);
  if (error instanceof ModelChanged) return unmeasured(facts, modelChanged, error.message);
  // Weights that could not be written or read: the others of the sweep may still be.
  if (error instanceof LlmbenchError || isSystemError(error))
    return unmeasured(facts, engineFailed, error.message);
  if (isAbort(error)) throw new Interrupted("interrupted", { cause: error });
  throw error;
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
}

function isAbort(error: unknown): boolean {
  return error instanceof Interrupted || (error instanceof Error && error.name === "AbortError");
}
