/** A run's events on a terminal: a bar per case with what it does and how long the run still takes, a line per result. */
import { count } from "../base/count.ts";
import { formatDuration } from "../base/duration.ts";
import { phaseText, type Phase } from "../bench/phases.ts";
import type { CaseRecord } from "../bench/record.ts";
import { autoLaunches, type LaunchCount, type Warmup } from "../bench/repetitions.ts";
import { testName } from "../bench/workload.ts";
import type { BenchCase } from "../plan/benchCase.ts";
import type { Variant } from "../plan/variant.ts";
import { outcomeWithUnit, reasonText } from "../reporters/outcome.ts";
import type { RunEvent } from "../run/events.ts";
import type { Progress, Step } from "./progress.ts";
import { RemainingTime } from "./remainingTime.ts";
import { hashStep, weightsStep } from "./byteSteps.ts";

/** `-r auto` ends when the numbers agree; most cases do within this many. The bar waits at its end for the others. */
const usualAutoRepetitions = 10;

/** Warm-ups that announce themselves; a repetition that turns out to be one more is announced as what it might have been. */
const announcedWarmups = {
  full: 2,
  "llama-bench": 1,
  none: 0,
} as const satisfies Record<Warmup, number>;

type CaseEvent = Extract<RunEvent, { type: "case" }>;

export interface RunProgressOptions {
  /** The run's own. */
  readonly engine: string;
  /** Cases that are still to be measured. */
  readonly cases: readonly BenchCase[];
  readonly repetitions: number | "auto";
  readonly launches: LaunchCount;
  readonly warmup: Warmup;
  /** Time that each case is repeated for, whatever its repetitions; null for their number. */
  readonly sustainSeconds?: number | null;
  /** Seconds that all cases are predicted to take; null where nothing tells. */
  readonly predictedSeconds: number | null;
  /** Shows the engine's log as it comes. */
  readonly verbose: boolean;
  /** Seconds; a test has its own. */
  readonly clock?: () => number;
}

export class RunProgress {
  private readonly progress: Progress;
  private readonly engine: string;
  private readonly verbose: boolean;
  /** Length of the bar: warm-ups and repetitions, or seconds where a case is repeated for a time. */
  private readonly expected: number;
  private readonly sustained: boolean;
  private readonly warmups: number;
  /** Nobody knows how many launches there will be. */
  private readonly untilKnown: boolean;
  private readonly remaining: RemainingTime;
  private readonly clock: () => number;
  private current: CaseEvent | null = null;
  /** What the bar on the screen is about. */
  private shown: CaseEvent | Variant | null = null;
  private phase = "";
  private warmedUp = 0;
  private repetitions = 0;
  private measuringSince: number | null = null;
  private repeatingSince: number | null = null;

  constructor(progress: Progress, options: RunProgressOptions) {
    this.progress = progress;
    this.engine = options.engine;
    this.verbose = options.verbose;
    const { repetitions, sustainSeconds = null } = options;
    const counted = repetitions === "auto" ? usualAutoRepetitions : repetitions;
    this.sustained = sustainSeconds !== null;
    this.warmups = announcedWarmups[options.warmup];
    this.expected = sustainSeconds ?? this.warmups + counted;
    this.untilKnown = options.launches === "auto";
    this.remaining = new RemainingTime(
      this.untilKnown ? options.cases.map(launchedAsUsual) : options.cases,
      this.sustained ? null : counted,
      options.predictedSeconds,
    );
    this.clock = options.clock ?? (() => performance.now() / 1000);
  }

  readonly onEvent = (event: RunEvent): void => {
    switch (event.type) {
      case "started":
        this.progress.line(`${count(event.cases, "case")}, results in ${event.directory}`);
        break;
      case "weights":
        this.bar(
          event,
          weightsStep(`synthetic weights of ${variantName(event.variant)}`, event.total),
        );
        break;
      case "weights made":
        break;
      case "hashing":
        this.bar(event, hashStep(variantName(event.variant), event.total));
        break;
      case "checking output":
        this.progress.line(`${variantName(event.variant)}: is what the device computes right?`);
        break;
      case "loading":
        this.show("loading");
        break;
      case "case":
        this.launchEnded();
        this.current = event;
        this.warmedUp = 0;
        this.repetitions = 0;
        this.repeatingSince = null;
        break;
      case "phase":
        this.measuringSince ??= this.clock();
        this.countWarmups(event.phase);
        if (event.phase.kind === "repetition") this.repeatingSince ??= this.clock();
        this.show(phaseText(event.phase));
        break;
      case "sample":
        this.repetitions = event.repetition;
        break;
      case "log":
        if (this.verbose) this.progress.line(`  ${event.line}`);
        break;
      case "result":
        this.result(event.result);
        break;
      case "warning":
        this.progress.warn(`warning: ${event.text}`);
        break;
      default:
        event satisfies never;
    }
  };

  end(): void {
    this.progress.end();
  }

  private bar({ variant, bytes }: { variant: Variant; bytes: number }, step: Step): void {
    if (this.shown !== variant) {
      this.shown = variant;
      this.progress.begin(step);
    }
    this.progress.advance(bytes);
  }

  private show(phase: string): void {
    this.phase = phase;
    if (this.current === null) return;
    if (this.shown !== this.current) {
      this.shown = this.current;
      this.progress.begin(this.step(this.current));
    }
    this.progress.advance(Math.min(this.done(), this.expected));
  }

  private countWarmups(phase: Phase): void {
    if (phase.kind === "warm_up") this.warmedUp = Math.min(this.warmups, phase.number - 1);
    if (phase.kind === "repetition") this.warmedUp = this.warmups;
  }

  private done(): number {
    if (!this.sustained) return this.warmedUp + this.repetitions;
    return this.repeatingSince === null ? 0 : this.clock() - this.repeatingSince;
  }

  /** An engine's name, where it isn't the run's own. */
  private further(engine: string | null): string[] {
    return engine === null || engine === this.engine ? [] : [engine];
  }

  private step({ case: one, engine, number, of, launch }: CaseEvent): Step {
    const { model, quantization } = one.variant;
    const name = [...this.further(engine), model.id, quantization, testName(one.settings.workload)]
      .filter(Boolean)
      .join(" ");
    const total = this.untilKnown ? "" : `/${one.launches}`;
    const launches = one.launches > 1 ? ` launch ${launch}${total}` : "";
    return {
      label: `[${number}/${of}] ${name}${launches}`,
      total: this.expected,
      describe: () => [this.phase, this.timeLeft()].filter(Boolean).join(", "),
    };
  }

  private timeLeft(): string {
    const { current, measuringSince: since } = this;
    const underWay =
      current === null || since === null
        ? null
        : { id: current.case.id, seconds: this.clock() - since };
    const seconds = this.remaining.seconds(underWay);
    return seconds === null ? "" : `about ${formatDuration(seconds)} left`;
  }

  /** Time is taken from the first phase on: making weights is slower or faster than measuring, in no proportion. */
  private launchEnded(): void {
    if (this.current !== null && this.measuringSince !== null) {
      this.remaining.launchTook(this.current.case.id, this.clock() - this.measuringSince);
    }
    this.measuringSince = null;
    this.current = null;
  }

  private result(result: CaseRecord): void {
    if (this.current?.case.id === result.id) this.launchEnded();
    this.remaining.finished(result.id);
    this.shown = null;
    this.progress.end();
    const { engine, model, workload } = result;
    const name = [...this.further(engine.name), model.id, model.quantization, testName(workload)]
      .filter(Boolean)
      .join(" ");
    const text = result.status === "measured" ? outcomeWithUnit(result) : reasonText(result);
    this.progress.line(`${name}: ${text}`);
  }
}

function launchedAsUsual(one: BenchCase): BenchCase {
  return { ...one, launches: autoLaunches.usual };
}

function variantName({ model, quantization }: Variant): string {
  return `${model.id} ${quantization ?? ""}`.trim();
}
