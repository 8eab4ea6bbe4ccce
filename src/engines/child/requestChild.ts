/** The parent's handle of one child process: a request at a time, its answer with the engine's log, or its failure. */
import { z } from "zod";
import { LineChild, type ChildEnd, type LineProgram } from "../../base/lineChild.ts";
import type { Phase } from "../../bench/phases.ts";
import { processActivity } from "../../base/processProbe.ts";
import { ChildFailure, failureMessage, type ChildFailureKind } from "./childFailure.ts";
import { logMark } from "./protocol.ts";
import { readChildMessage, type AnswerShape } from "./readChildMessage.ts";
import { Watchdog, type HangLimits, type Patience } from "./watchdog.ts";

/** Lines of the engine's log kept per request: loading 70B into llama.cpp writes some 900. */
const maxLogLines = 20_000;

export interface RequestOptions extends Patience {
  readonly onPhase?: (phase: Phase) => void;
  readonly onSample?: (ns: number) => void;
  readonly onLog?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Answer<Value> {
  readonly value: Value;
  readonly log: readonly string[];
}

interface Pending {
  readonly shape: AnswerShape<unknown>;
  readonly options: RequestOptions;
  readonly resolve: (answer: Answer<unknown>) => void;
  readonly reject: (failure: ChildFailure) => void;
  phase: Phase | null;
  log: string[];
  readonly watchdog: Watchdog;
  /** The answer, held until the log's mark has come too. */
  message: { readonly value: unknown } | { readonly place: string; readonly text: string } | null;
  logComplete: boolean;
}

/** What each request is answered with: a shape by the request's type. */
export type AnswerShapes<Results> = {
  readonly [Type in keyof Results]: AnswerShape<Results[Type]>;
};

export interface RequestChildOptions {
  readonly limits?: HangLimits | undefined;
  /** What was started may start another process, which does the work and says its number. */
  readonly startsAnother?: boolean;
  /** Of what it waits for on other machines: a text that stays the same just as long as nothing is done there. */
  readonly activityElsewhere?: (() => Promise<string>) | undefined;
}

export class RequestChild<
  Requests extends { readonly type: string },
  Results extends { readonly [Type in Requests["type"]]: unknown },
> {
  private readonly child: LineChild;
  private readonly shapes: AnswerShapes<Results>;
  private readonly options: RequestChildOptions;
  private pending: Pending | null = null;
  private end: ChildEnd | null = null;
  private stoppedFor: ChildFailureKind | null = null;
  /** Of the process that measures, where it is another than the one that was started. */
  private measuringPid: number | null = null;

  constructor(
    program: LineProgram,
    shapes: AnswerShapes<Results>,
    options: RequestChildOptions = {},
  ) {
    this.shapes = shapes;
    this.options = options;
    this.child = new LineChild({
      ...program,
      onMessage: (line) => this.onMessage(line),
      onLog: (line) => this.onLog(line),
    });
    void this.child.ended.then((end) => this.onEnd(end));
  }

  get pid(): number | undefined {
    return this.measuringPid ?? this.child.pid;
  }

  get alive(): boolean {
    return this.end === null && this.stoppedFor === null;
  }

  /** @throws {ChildFailure} */
  async request<Request extends Requests>(
    request: Request,
    options: RequestOptions = {},
  ): Promise<Answer<Results[Request["type"]]>> {
    if (this.pending !== null) throw new Error("the child answers one request at a time");
    const { signal } = options;
    const stop = () => this.stop({ kind: "aborted" });
    const answer = new Promise<Answer<unknown>>((resolve, reject) => {
      const pending: Pending = {
        shape: this.shapes[request.type as keyof Results],
        options,
        resolve,
        reject,
        phase: null,
        log: [],
        watchdog: this.watch(options),
        message: null,
        logComplete: false,
      };
      this.pending = pending;
      if (signal?.aborted === true) this.stop({ kind: "aborted" });
      signal?.addEventListener("abort", stop, { once: true });
      if (this.end === null) this.child.send(JSON.stringify(request));
      else this.onEnd(this.end);
    });
    try {
      // The shape that it was read by is the request's own.
      return (await answer) as Answer<Results[Request["type"]]>;
    } finally {
      (this.pending as Pending | null)?.watchdog.stop();
      this.pending = null;
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the process; resolves when it is gone. */
  async close(): Promise<void> {
    this.kill();
    await this.child.ended;
  }

  private stop(failure: ChildFailureKind): void {
    this.stoppedFor ??= failure;
    this.kill();
  }

  /** What starts the process that measures need not take it along. */
  private kill(): void {
    this.child.kill();
    if (this.measuringPid === null || this.measuringPid === this.child.pid) return;
    try {
      process.kill(this.measuringPid, "SIGKILL");
    } catch {
      // It is gone already.
    }
  }

  /** Null where it can't be told. */
  private async activity(): Promise<string | null> {
    const own = this.pid === undefined ? null : await processActivity(this.pid);
    const { activityElsewhere } = this.options;
    if (own === null || activityElsewhere === undefined) return own;
    return `${own} ${await activityElsewhere()}`;
  }

  private watch(patience: Patience): Watchdog {
    return new Watchdog(
      patience,
      () => this.activity(),
      (verdict) => this.stop(verdict),
      this.options.limits,
    );
  }

  private onMessage(line: string): void {
    const { pending } = this;
    const message = readChildMessage(line, pending?.shape ?? nothingAsked);
    if (message?.type === "process") {
      if (this.options.startsAnother === true) this.measuringPid ??= message.pid;
      return;
    }
    if (message === null || pending === null) {
      this.stop({ kind: "nonsense" });
      return;
    }
    pending.watchdog.heard(message.type === "phase" ? message.phase : undefined);
    switch (message.type) {
      case "phase":
        pending.phase = message.phase;
        pending.options.onPhase?.(message.phase);
        break;
      case "sample":
        pending.options.onSample?.(message.ns);
        break;
      case "result":
        pending.message = { value: message.value };
        this.settle(pending);
        break;
      case "error":
        pending.message = { place: message.place, text: message.message };
        this.settle(pending);
        break;
      default:
        message satisfies never;
    }
  }

  private onLog(line: string): void {
    const { pending } = this;
    if (pending === null) return;
    if (line.startsWith(logMark)) {
      pending.logComplete = true;
      this.settle(pending);
      return;
    }
    pending.options.onLog?.(line);
    pending.log.push(line);
    if (pending.log.length > maxLogLines) pending.log.splice(0, maxLogLines / 2);
  }

  private settle(pending: Pending): void {
    const { message, log, phase } = pending;
    if (message === null || !pending.logComplete) return;
    if ("value" in message) {
      pending.resolve({ value: message.value, log });
    } else {
      const failure = { kind: "refused", place: message.place } as const;
      pending.reject(new ChildFailure(failure, message.text, phase, log));
    }
  }

  private onEnd(end: ChildEnd): void {
    this.end = end;
    const { pending } = this;
    if (pending === null) return;
    const failure = this.stoppedFor ?? failureOf(end);
    pending.reject(new ChildFailure(failure, failureMessage(failure), pending.phase, pending.log));
  }
}

/** Between two requests a child has nothing to say, but who it is. */
const nothingAsked: AnswerShape<never> = { places: [], result: z.never() };

/** STATUS_CONTROL_C_EXIT. */
const windowsInterrupt = 0xc0_00_01_3a;

/** What a terminal sends to all that run in it. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set(["SIGINT", "SIGHUP"]);

/** Before it could begin to ignore it, the terminal's Ctrl-C ends the child with us. */
function failureOf(end: ChildEnd): ChildFailureKind {
  const interrupted =
    (end.kind === "signal" && fromTerminal.has(end.signal)) ||
    (end.kind === "exit" && end.code === windowsInterrupt);
  return interrupted ? { kind: "aborted" } : { kind: "crashed", end };
}
