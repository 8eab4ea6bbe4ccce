/** The parent's handle of one child process: a request at a time, its answer with llama.cpp's log, or its failure. */
import { compiledFile } from "../../base/compiledFile.ts";
import { LineChild, type ChildEnd } from "../../base/lineChild.ts";
import type { Phase } from "../../bench/phases.ts";
import { processActivity } from "../../base/processProbe.ts";
import { ChildFailure, failureMessage, type ChildFailureKind } from "./childFailure.ts";
import { readMessage } from "./childMessage.ts";
import {
  logMark,
  type ChildMessage,
  type ChildRequest,
  type ChildResults,
  type EngineDeviceChoice,
} from "./protocol.ts";
import type { FoundEngine } from "./reopenEngine.ts";
import { Watchdog, type HangLimits, type Patience } from "./watchdog.ts";

/** Lines of llama.cpp's log kept per request: loading 70B writes some 900. */
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
  readonly type: ChildRequest["type"];
  readonly options: RequestOptions;
  readonly resolve: (answer: Answer<never>) => void;
  readonly reject: (failure: ChildFailure) => void;
  phase: Phase | null;
  log: string[];
  readonly watchdog: Watchdog;
  /** The answer, held until the log's mark has come too. */
  message: Extract<ChildMessage, { type: "result" | "error" }> | null;
  logComplete: boolean;
}

export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** The program to run; `child.ts` compiled by default. */
  readonly file?: string;
  readonly limits?: HangLimits;
  /** By an earlier child for the same device: so this one need not look for it. */
  readonly found?: FoundEngine;
}

export class LlamaChild {
  private readonly child: LineChild;
  private readonly limits: HangLimits | undefined;
  private pending: Pending | null = null;
  private end: ChildEnd | null = null;
  private stoppedFor: ChildFailureKind | null = null;

  constructor(device: EngineDeviceChoice, { env, file, limits, found }: ChildOptions = {}) {
    this.limits = limits;
    this.child = new LineChild({
      file: file ?? compiledFile(import.meta.url, "./child.js"),
      args: [device, ...(found === undefined ? [] : [toArgument(found)])],
      env: childEnvironment(env ?? process.env),
      onMessage: (line) => this.onMessage(line),
      onLog: (line) => this.onLog(line),
    });
    void this.child.ended.then((end) => this.onEnd(end));
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get alive(): boolean {
    return this.end === null && this.stoppedFor === null;
  }

  /** @throws {ChildFailure} */
  async request<Request extends ChildRequest>(
    request: Request,
    options: RequestOptions = {},
  ): Promise<Answer<ChildResults[Request["type"]]>> {
    if (this.pending !== null) throw new Error("the child answers one request at a time");
    const { signal } = options;
    const stop = () => this.stop({ kind: "aborted" });
    const answer = new Promise<Answer<never>>((resolve, reject) => {
      const pending: Pending = {
        type: request.type,
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
      return await answer;
    } finally {
      (this.pending as Pending | null)?.watchdog.stop();
      this.pending = null;
      signal?.removeEventListener("abort", stop);
    }
  }

  /** Ends the process; resolves when it is gone. */
  async close(): Promise<void> {
    this.child.kill();
    await this.child.ended;
  }

  private stop(failure: ChildFailureKind): void {
    this.stoppedFor ??= failure;
    this.child.kill();
  }

  private watch(patience: Patience): Watchdog {
    const { pid } = this;
    return new Watchdog(
      patience,
      async () => (pid === undefined ? null : processActivity(pid)),
      (verdict) => this.stop(verdict),
      this.limits,
    );
  }

  private onMessage(line: string): void {
    const { pending } = this;
    const message = pending === null ? null : readMessage(line, pending.type);
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
      case "error":
        pending.message = message;
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
    if (message.type === "result") {
      pending.resolve({ value: message.value as never, log });
    } else {
      const failure = { kind: "refused", place: message.place } as const;
      pending.reject(new ChildFailure(failure, message.message, phase, log));
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

function toArgument({ backend, engine_version, libraries, devices }: FoundEngine): string {
  const named = devices.map(({ name, description }) => ({ name, description }));
  return JSON.stringify({ backend, engine_version, libraries, devices: named });
}

/** Settings of node-llama-cpp must not choose another build than we did; a crash should not start a debugger. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("NODE_LLAMA_CPP_"));
  return { ...Object.fromEntries(kept), GGML_NO_BACKTRACE: "1" };
}

/** STATUS_CONTROL_C_EXIT. */
const windowsInterrupt = 0xc0_00_01_3a;

/** Before it could begin to ignore it, the terminal's Ctrl-C ends the child with us. */
function failureOf(end: ChildEnd): ChildFailureKind {
  const interrupted =
    (end.kind === "signal" && end.signal === "SIGINT") ||
    (end.kind === "exit" && end.code === windowsInterrupt);
  return interrupted ? { kind: "aborted" } : { kind: "crashed", end };
}
