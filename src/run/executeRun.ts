/** Runs a plan: in passes, one launch of each case a pass, each result on disk the moment it exists. */
import {
  isMeasured,
  type CaseFacts,
  type CaseRecord,
  type MeasuredRecord,
} from "../bench/record.ts";
import { Interrupted } from "../engines/engine.ts";
import type { BenchCase, Variant } from "../plan/benchCase.ts";
import { loadGroups } from "../plan/plan.ts";
import { withDoubts } from "../predict/doubts.ts";
import { addRowsHere, keepRowsHere, rowsHereFolder } from "../predict/rowsHere.ts";
import { caseLine, launchLine } from "../results/journalLines.ts";
import type { JournalWriter } from "../results/journalWriter.ts";
import { UnreadableResult } from "../results/readableLine.ts";
import { isTried } from "../plan/caseMemory.ts";
import { modelSha256 } from "../models/fileDigest.ts";
import { plannedFacts, type RunContext } from "./caseFacts.ts";
import type { OnEvent } from "./events.ts";
import { LoadWatch } from "./loadWatch.ts";
import { measureGroup, type GroupResult } from "./measureGroup.ts";
import { Misfits } from "./misfits.ts";
import { OutputCheck } from "./outputCheck.ts";
import type { PreparedRun } from "./prepareRun.ts";
import { unmeasured } from "./unmeasured.ts";

/** What an earlier part of the run left: results that stand, and cases that have launches to come. */
export interface Progress {
  readonly done: ReadonlyMap<string, CaseRecord>;
  readonly launches: ReadonlyMap<string, MeasuredRecord>;
}

export const noProgress: Progress = { done: new Map(), launches: new Map() };

export interface RunOutcome {
  /** In the plan's order; those that an interruption left out are missing. */
  readonly results: readonly CaseRecord[];
  readonly interrupted: boolean;
}

export interface Execution {
  readonly run: PreparedRun;
  readonly runId: string;
  readonly journal: JournalWriter;
  readonly signal: AbortSignal;
  readonly onEvent: OnEvent;
  readonly progress: Progress;
}

/** @throws {LlmbenchError} `output` where the journal can't be written. */
export async function executeRun(execution: Execution): Promise<RunOutcome> {
  const sweep = new Sweep(execution);
  const interrupted = await sweep.run();
  const { cases, cacheDir, machine, engine } = execution.run;
  const results = cases.flatMap(({ id }) => sweep.results.get(id) ?? []);
  await keepRowsHere(rowsHereFolder(cacheDir), machine, engine.info, results);
  return { interrupted, results };
}

const predictedOom = { status: "does_not_fit", code: "predicted_oom" } as const;
const largerThanMisfit = { status: "skipped", code: "larger_than_misfit" } as const;
const engineError = { status: "failed", code: "engine_error" } as const;

class Sweep {
  readonly results: Map<string, CaseRecord>;
  private readonly launches: Map<string, MeasuredRecord>;
  private readonly misfits = new Misfits();
  private measured: readonly CaseRecord[];
  private readonly load: LoadWatch;
  private readonly output: OutputCheck;
  private readonly execution: Execution;
  private readonly context: RunContext;
  private readonly sha256 = new Map<string, string>();

  constructor(execution: Execution) {
    const { run, runId, progress } = execution;
    this.execution = execution;
    this.load = new LoadWatch(execution.onEvent);
    this.output = new OutputCheck({
      engine: run.engine,
      driver: run.machine.driver,
      cacheDir: run.cacheDir,
      threads: run.machine.default_threads,
      onEvent: execution.onEvent,
      signal: execution.signal,
    });
    this.results = new Map(progress.done);
    this.launches = new Map(progress.launches);
    this.measured = addRowsHere([], [...this.results.values()], run.machine);
    for (const one of run.cases) {
      const record = this.results.get(one.id);
      if (record?.status === "does_not_fit" && record.reason.code === "measured_oom")
        this.misfits.add(one, record.model.type === null);
    }
    this.context = {
      runId,
      machine: run.machine,
      engine: run.engine.info,
      gpuBudgetBytes: run.gpuBudgetBytes,
      repetitions: run.options.sustainSeconds === null ? run.options.repetitions : "auto",
      seed: run.options.seed,
      noise: run.options.noise,
      sha256: this.sha256,
    };
  }

  /** Answers whether it was interrupted. */
  async run(): Promise<boolean> {
    const { cases } = this.execution.run;
    const passes = Math.max(0, ...cases.map(({ launches }) => launches));
    if (cases.some(({ id }) => !this.results.has(id))) await this.load.look();
    try {
      for (let launch = 1; launch <= passes; launch++) await this.pass(launch);
    } catch (error) {
      if (error instanceof Interrupted) return true;
      throw error;
    }
    return false;
  }

  private async pass(launch: number): Promise<void> {
    const { run, signal, onEvent } = this.execution;
    const due = run.cases.filter((one) => this.isDue(one, launch));
    for (const group of loadGroups(due)) {
      if (signal.aborted) throw new Interrupted("interrupted");
      const cases: BenchCase[] = [];
      for (const one of group.cases) if (!(await this.skip(one))) cases.push(one);
      if (cases.length > 0) await this.identify(group.variant);
      const results = measureGroup({
        engine: run.engine,
        group: { ...group, cases },
        launch,
        options: run.options,
        context: this.context,
        signal,
        onEvent,
        onCase: (one) => this.announce(one, launch),
        load: this.load,
        outputError: cases.length === 0 ? null : await this.output.errorOf(group),
        earlier: ({ id }) => this.launches.get(id) ?? null,
      });
      for await (const result of results) await this.keep(result, launch);
    }
  }

  /** Real weights by their hash; a file that can't be read is told of when it is to be loaded. */
  private async identify(variant: Variant): Promise<void> {
    const { run, signal, onEvent } = this.execution;
    const { source } = variant;
    if (source.kind !== "real" || this.sha256.has(source.path)) return;
    const paths = source.files.map(({ path }) => path);
    const onProgress = (bytes: number, total: number) =>
      onEvent({ type: "hashing", variant, bytes, total });
    try {
      const { cacheDir } = run;
      this.sha256.set(source.path, await modelSha256(paths, { cacheDir, signal, onProgress }));
    } catch (error) {
      if (signal.aborted) throw new Interrupted("interrupted");
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  }

  private isDue({ id, launches }: BenchCase, launch: number): boolean {
    if (this.results.has(id) || launch > launches) return false;
    const earlier = this.launches.get(id)?.launches ?? [];
    return !earlier.some((one) => one.kind === "timed" && one.number === launch);
  }

  /** What can't fit, and a larger quantization of what did not fit, is not tried. */
  private async skip(one: BenchCase): Promise<boolean> {
    const { run } = this.execution;
    if (!isTried(one, run.options)) {
      await this.finish(unmeasured(this.factsOf(one), predictedOom, one.memory?.fit.why ?? ""));
      return true;
    }
    const smaller = this.misfits.smallerThan(one);
    if (smaller === null) return false;
    const text = `${smaller} of this model did not fit at these settings`;
    await this.finish(unmeasured(this.factsOf(one), largerThanMisfit, text));
    return true;
  }

  private factsOf(one: BenchCase): CaseFacts {
    return plannedFacts(one, this.context);
  }

  private async keep(result: GroupResult, launch: number): Promise<void> {
    try {
      await this.record(result, launch);
    } catch (error) {
      if (!(error instanceof UnreadableResult)) throw error;
      await this.finish(unmeasured(this.factsOf(result.one), engineError, error.message));
    }
  }

  private async record({ one, record, atLoad }: GroupResult, launch: number): Promise<void> {
    if (record.status === "does_not_fit") this.misfits.add(one, atLoad);
    if (!isMeasured(record)) return this.finish(record);
    if (launch === one.launches) return this.finish(this.doubted(record));
    await this.execution.journal.append(launchLine(launch, record));
    this.launches.set(one.id, record);
  }

  /** Judged by what was known before the run, and by what it measured so far. */
  private doubted(record: MeasuredRecord): CaseRecord {
    const { machine, speed } = this.execution.run;
    this.measured = addRowsHere(this.measured, [record], machine);
    const measured = [...speed.source.measured, ...this.measured];
    return withDoubts(record, { ...speed.source, measured });
  }

  private async finish(result: CaseRecord): Promise<void> {
    await this.execution.journal.append(caseLine(result));
    this.results.set(result.id, result);
    this.execution.onEvent({ type: "result", result });
  }

  private announce(one: BenchCase, launch: number): void {
    const { cases } = this.execution.run;
    const number = cases.findIndex(({ id }) => id === one.id) + 1;
    this.execution.onEvent({ type: "case", case: one, number, of: cases.length, launch });
  }
}
