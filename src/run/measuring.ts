/**
 * Measures what one engine of a run does, pass by pass: in each a launch of each case that is due, grouped so that a model is
 * loaded once.
 */
import type { CaseRecord, MeasuredRecord } from "../bench/record.ts";
import { isMeasured } from "../bench/record.ts";
import { gpuDevices } from "../bench/gpuDevices.ts";
import { Interrupted } from "../engines/engine.ts";
import { offloadTargets } from "../machine/offloadDevice.ts";
import type { Meters } from "../meters/meters.ts";
import type { BenchCase, LoadGroup } from "../plan/benchCase.ts";
import { isTried } from "../plan/caseMemory.ts";
import { roofsHere } from "../plan/hereSpeed.ts";
import { ramHere } from "../plan/ramHere.ts";
import { loadGroups } from "../plan/plan.ts";
import { withDoubts } from "../predict/doubts.ts";
import { addRoofs, roofsOfCases, roofsOfRun, type Roof } from "../predict/roofs.ts";
import { addRowsHere } from "../predict/rowsHere.ts";
import { shareOfRoof } from "../predict/shareOfRoof.ts";
import { plannedFacts } from "./caseFacts.ts";
import type { OnEvent } from "./events.ts";
import { isLastLaunch } from "./launchRule.ts";
import { measureGroup } from "./measureGroup.ts";
import { Misfits } from "./misfits.ts";
import { OutputCheck } from "./outputCheck.ts";
import type { PreparedPart } from "./preparePart.ts";
import type { PreparedRun } from "./prepareRun.ts";
import type { MeasuredLaunch, RunJournal } from "./runJournal.ts";
import { unmeasured } from "./unmeasured.ts";
import { hashWeights } from "./weightsOnDisk.ts";

export interface MeasuringOptions {
  readonly run: PreparedRun;
  /** One of the run's. */
  readonly part: PreparedPart;
  readonly journal: RunJournal;
  /** The run's. */
  readonly meters: Meters;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

const predictedOom = { status: "does_not_fit", code: "predicted_oom" } as const;
const engineMissing = { status: "skipped", code: "engine_missing" } as const;
const largerThanMisfit = { status: "skipped", code: "larger_than_misfit" } as const;

export class Measuring {
  private readonly options: MeasuringOptions;
  private readonly misfits = new Misfits();
  private readonly output: OutputCheck;
  /** What this run measured so far, for doubts about what follows. */
  private measured: readonly CaseRecord[];
  /** What the machine can do, as earlier runs measured it, and as this one does. */
  private readonly knownRoofs: readonly Roof[];
  private ownRoofs: readonly Roof[];

  constructor(options: MeasuringOptions) {
    const { run, part, journal, onEvent, signal } = options;
    const { engine, cases } = part;
    const { machine, cacheDir } = run;
    this.options = options;
    this.output = new OutputCheck({ run: { engine, machine, cacheDir }, onEvent, signal });
    const done = cases.flatMap((one) => journal.resultOf(one) ?? []);
    this.measured = addRowsHere([], done, machine.default_threads);
    this.knownRoofs = roofsHere(machine, engine.facts, cacheDir);
    this.ownRoofs = roofsOfCases(done);
    for (const one of cases) {
      const record = journal.resultOf(one);
      if (record?.status === "does_not_fit" && record.reason.code === "measured_oom")
        this.misfits.add(one, record.model.type === null);
    }
  }

  /** Yields each case's record as it is known. @throws {Interrupted} */
  async *pass(launch: number): AsyncGenerator<MeasuredLaunch> {
    const { part, journal, meters, signal } = this.options;
    const due = part.cases.filter((one) => journal.isDue(one, launch));
    // While nothing of ours computes.
    if (due.length > 0) await meters.look();
    for (const group of loadGroups(due)) {
      if (signal.aborted) throw new Interrupted("interrupted");
      const tried: BenchCase[] = [];
      for (const one of group.cases) {
        const record = this.untried(one);
        if (record === null) tried.push(one);
        else yield { part, case: one, launch, record: this.withRam(record), last: true };
      }
      if (tried.length > 0) yield* this.group({ ...group, cases: tried }, launch);
    }
  }

  /** What an engine would measure that isn't here, what can't fit, and a larger quantization of what did not fit, is not tried. */
  private untried(one: BenchCase): CaseRecord | null {
    const { part, journal } = this.options;
    const facts = () => plannedFacts(one, journal.contextOf(part));
    const { missing } = part.engine.facts;
    if (missing !== undefined) return unmeasured(facts(), engineMissing, missing);
    if (!isTried(one, part.options))
      return unmeasured(facts(), predictedOom, one.training?.why ?? one.memory?.fit.why ?? "");
    const smaller = this.misfits.smallerThan(one);
    if (smaller === null) return null;
    const text = `${smaller} of this model did not fit at these settings`;
    return unmeasured(facts(), largerThanMisfit, text);
  }

  private async *group(group: LoadGroup, launch: number): AsyncGenerator<MeasuredLaunch> {
    const { run, part, journal, meters, onEvent, signal } = this.options;
    const context = journal.contextOf(part);
    await hashWeights(group.variant, context.sha256, { run, onEvent, signal });
    const results = measureGroup({
      engine: part.engine,
      group,
      launch,
      options: part.options,
      context,
      meters,
      outputError: await this.output.errorOf(group),
      earlier: (one) => journal.begunOf(one),
      onCase: (one) => this.announce(one, launch),
      onEvent,
      signal,
    });
    for await (const { case: one, record, atLoad } of results) {
      if (record.status === "does_not_fit") this.misfits.add(one, atLoad);
      const last = !isMeasured(record) || isLastLaunch(one, record, part.options);
      const whole = last ? this.refined(record, one) : record;
      yield { part, case: one, launch, record: this.withRam(whole), last };
    }
  }

  private refined(record: CaseRecord, one: BenchCase): CaseRecord {
    if (!isMeasured(record)) return record;
    this.ownRoofs = addRoofs(this.ownRoofs, roofsOfCases([record]));
    return this.doubted(this.withShare(record, one));
  }

  /** As it is known by then: this run's own roofs tell the rows that follow. */
  private withRam(record: CaseRecord): CaseRecord {
    const { machine, machineKind, options } = this.options.run;
    const roofs = roofsOfRun(this.ownRoofs, this.knownRoofs);
    const ram = ramHere(options.ramGbps, roofs, { ...machine, name: machineKind });
    const told = { ramGbps: ram?.gbps ?? null, ramSource: ram?.source ?? null };
    return { ...record, machine: { ...record.machine, ...told } };
  }

  private withShare(record: MeasuredRecord, { variant }: BenchCase): MeasuredRecord {
    const [gpu] = offloadTargets(gpuDevices(this.options.part.engine.facts));
    const roofs = roofsOfRun(this.ownRoofs, this.knownRoofs);
    const share = shareOfRoof(record, variant.memory, roofs, gpu?.name ?? null);
    return { ...record, shareOfRoof: share };
  }

  /** Judged by what was known before the run, and by what it measured so far. */
  private doubted(record: MeasuredRecord): CaseRecord {
    const { machine } = this.options.run;
    const { speed } = this.options.part;
    // What this machine can do alone is no bound to what several do.
    if (record.machine.servers !== null) return record;
    this.measured = addRowsHere(this.measured, [record], machine.default_threads);
    const measured = [...speed.source.measured, ...this.measured];
    return withDoubts(record, { ...speed.source, measured });
  }

  private announce(one: BenchCase, launch: number): void {
    const { run, part, onEvent } = this.options;
    const all = run.parts.flatMap(({ cases }) => cases);
    const number = all.findIndex(({ id }) => id === one.id) + 1;
    const { engine } = part.engine.facts;
    onEvent({ type: "case", case: one, engine, number, of: all.length, launch });
  }
}
