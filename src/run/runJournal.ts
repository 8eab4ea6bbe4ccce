/** A run's journal while it is under way: what it holds, what is still due, and where each result goes. */
import { llmbenchVersion } from "../base/version.ts";
import { isTimed, type Launch, type TimedLaunch } from "../bench/launch.ts";
import { isMeasured, type CaseRecord } from "../bench/record.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import { keepRoofsHere, roofsHereFolder } from "../predict/roofsHere.ts";
import { keepRowsHere, rowsHereFolder } from "../predict/rowsHere.ts";
import { caseLine, launchLine, type JournalLine } from "../results/journalLines.ts";
import { JournalWriter } from "../results/journalWriter.ts";
import { UnreadableResult } from "../results/readableLine.ts";
import { plannedFacts } from "./caseFacts.ts";
import type { RunContext } from "./runContext.ts";
import type { OnEvent } from "./events.ts";
import type { ResumeOrder } from "./order.ts";
import type { PreparedPart } from "./preparePart.ts";
import type { PreparedRun } from "./prepareRun.ts";
import { runLine } from "./runLine.ts";
import { unmeasured } from "./unmeasured.ts";

/** A case as one of its launches left it. */
export interface MeasuredLaunch {
  readonly part: PreparedPart;
  readonly case: BenchCase;
  /** From 1. */
  readonly launch: number;
  readonly record: CaseRecord;
  /** The case has its result with it. */
  readonly last: boolean;
}

const engineError = { status: "failed", code: "engine_error" } as const;

export class RunJournal {
  private readonly contexts: ReadonlyMap<PreparedPart, RunContext>;
  private readonly run: PreparedRun;
  private readonly writer: JournalWriter;
  private readonly onEvent: OnEvent;
  private readonly done: Map<string, CaseRecord>;
  private readonly begun: Map<string, readonly TimedLaunch[]>;

  private constructor(run: PreparedRun, writer: JournalWriter, runId: string, onEvent: OnEvent) {
    this.run = run;
    this.writer = writer;
    this.onEvent = onEvent;
    this.done = new Map(run.earlier.done);
    this.begun = new Map(run.earlier.begun);
    const shared = {
      runId,
      machine: run.machine,
      repetitions: run.options.sustainSeconds === null ? run.options.repetitions : "auto",
      seed: run.options.seed,
      sha256: new Map(),
      pageCaches: new Map(),
    } as const;
    this.contexts = new Map(
      run.parts.map((part) => [part, { ...shared, ...contextOf(part) }] as const),
    );
  }

  /**
   * A new journal with the plan as its first line, or the one that is gone on with.
   * @throws {LlmbenchError} `output` where the folder can't be written, or holds another run.
   */
  static async open(run: PreparedRun, onEvent: OnEvent): Promise<RunJournal> {
    const { order, directory } = run;
    const [writer, line, runId] =
      order.kind === "new" ? await begin(run) : await goOn(order, onEvent);
    try {
      await writer.append(line);
    } catch (error) {
      await writer.close();
      throw error;
    }
    onEvent({ type: "started", directory, cases: run.cases.length });
    return new RunJournal(run, writer, runId, onEvent);
  }

  /** What all cases of one of the run's engines share. */
  contextOf(part: PreparedPart): RunContext {
    const context = this.contexts.get(part);
    if (context === undefined) throw new Error("another run's engine");
    return context;
  }

  resultOf({ id }: BenchCase): CaseRecord | null {
    return this.done.get(id) ?? null;
  }

  /** The launches of a case that has more to come; none before the first. */
  begunOf({ id }: BenchCase): readonly TimedLaunch[] {
    return this.begun.get(id) ?? [];
  }

  isDue(one: BenchCase, launch: number): boolean {
    if (this.done.has(one.id) || launch > one.launches) return false;
    return !this.begunOf(one).some(({ number }) => number === launch);
  }

  /**
   * Each result is on disk before this returns. One that no reader would take is none: then the case failed.
   * @throws {LlmbenchError} `output` where the disk refuses.
   */
  async append(measured: MeasuredLaunch): Promise<void> {
    try {
      await this.write(measured);
    } catch (error) {
      if (!(error instanceof UnreadableResult)) throw error;
      const facts = plannedFacts(measured.case, this.contextOf(measured.part));
      await this.finish(unmeasured(facts, engineError, error.message));
    }
  }

  /** In the plan's order; keeps what tells of this machine's speed for later predictions. */
  async outcome(): Promise<readonly CaseRecord[]> {
    const { parts, cases, cacheDir, machine } = this.run;
    const resultsOf = (of: readonly BenchCase[]) => of.flatMap(({ id }) => this.done.get(id) ?? []);
    for (const { engine, cases: own } of parts) {
      const results = resultsOf(own);
      await keepRowsHere(rowsHereFolder(cacheDir), machine, engine.facts, results);
      await keepRoofsHere(roofsHereFolder(cacheDir), machine, engine.facts, results);
    }
    return resultsOf(cases);
  }

  close(): Promise<void> {
    return this.writer.close();
  }

  private async write({ case: one, launch, record, last }: MeasuredLaunch): Promise<void> {
    if (!isMeasured(record) || last) return this.finish(record);
    await this.writer.append(launchLine(launch, record));
    const launches: readonly Launch[] = record.launches;
    this.begun.set(one.id, launches.filter(isTimed));
  }

  private async finish(result: CaseRecord): Promise<void> {
    await this.writer.append(caseLine(result));
    this.done.set(result.id, result);
    this.onEvent({ type: "result", result });
  }
}

function contextOf({ engine, options, gpuBudgetOf }: PreparedPart) {
  const { facts, traits } = engine;
  return { engine: facts, traits, gpuBudgetOf, noise: options.noise };
}

type Opened = readonly [writer: JournalWriter, firstLine: JournalLine, runId: string];

async function begin(run: PreparedRun): Promise<Opened> {
  const writer = await JournalWriter.create(run.directory);
  const line = runLine(run, new Date());
  return [writer, line, line.run_id];
}

async function goOn({ directory, end, journal }: ResumeOrder, onEvent: OnEvent): Promise<Opened> {
  const writer = await JournalWriter.resume(directory, end);
  if (end.torn) onEvent({ type: "warning", text: tornText(writer.path) });
  const resumed_at = new Date().toISOString();
  const line = { type: "resume", resumed_at, llmbench_version: llmbenchVersion() } as const;
  return [writer, line, journal.run.run_id];
}

function tornText(path: string): string {
  return `${path}: the last line was torn and is cut off; what it told is measured again`;
}
