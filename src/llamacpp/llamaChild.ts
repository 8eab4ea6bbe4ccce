/** The parent's handle of one child process: a request at a time, its answer with llama.cpp's log, or its failure. */
import { compiledFile } from "../base/compiledFile.ts";
import { LineChild, type ChildEnd } from "../base/lineChild.ts";
import { ChildFailure, type ChildFailureKind } from "./childFailure.ts";
import {
  logMark,
  type ChildMessage,
  type ChildRequest,
  type ChildResults,
  type EngineDeviceChoice,
} from "./protocol.ts";

/** Lines of llama.cpp's log kept per request: loading 70B writes some 900. */
const maxLogLines = 20_000;

export interface RequestOptions {
  readonly onPhase?: (phase: string) => void;
  readonly onSample?: (ns: number) => void;
  /** Seconds without a message after which the child is ended; none by default. */
  readonly timeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface Answer<Value> {
  readonly value: Value;
  readonly log: readonly string[];
}

interface Pending {
  readonly options: RequestOptions;
  readonly resolve: (answer: Answer<never>) => void;
  readonly reject: (failure: ChildFailure) => void;
  phase: string | null;
  log: string[];
  timer: NodeJS.Timeout | undefined;
  /** The answer, held until the log's mark has come too. */
  message: Extract<ChildMessage, { type: "result" | "error" }> | null;
  logComplete: boolean;
}

export class LlamaChild {
  private readonly child: LineChild;
  private pending: Pending | null = null;
  private end: ChildEnd | null = null;
  private stoppedFor: ChildFailureKind | null = null;

  constructor(device: EngineDeviceChoice, env: NodeJS.ProcessEnv = process.env) {
    this.child = new LineChild({
      file: compiledFile(import.meta.url, "./child.js"),
      args: [device],
      env: childEnvironment(env),
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
        options,
        resolve,
        reject,
        phase: null,
        log: [],
        timer: undefined,
        message: null,
        logComplete: false,
      };
      this.pending = pending;
      if (signal?.aborted === true) this.stop({ kind: "aborted" });
      signal?.addEventListener("abort", stop, { once: true });
      this.rearm(pending);
      if (this.end === null) this.child.send(JSON.stringify(request));
      else this.onEnd(this.end);
    });
    try {
      return await answer;
    } finally {
      clearTimeout((this.pending as Pending | null)?.timer);
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

  private rearm(pending: Pending): void {
    clearTimeout(pending.timer);
    const seconds = pending.options.timeoutSeconds;
    if (seconds === undefined) return;
    pending.timer = setTimeout(() => this.stop({ kind: "timed out", seconds }), seconds * 1000);
  }

  private onMessage(line: string): void {
    const { pending } = this;
    const message = parse(line);
    if (message === null || pending === null) {
      this.stop({ kind: "nonsense" });
      return;
    }
    this.rearm(pending);
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
    const failure = this.stoppedFor ?? { kind: "crashed", end };
    pending.reject(new ChildFailure(failure, describe(failure), pending.phase, pending.log));
  }
}

/** Settings of node-llama-cpp must not choose another build than we did; a crash should not start a debugger. */
function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("NODE_LLAMA_CPP_"));
  return { ...Object.fromEntries(kept), GGML_NO_BACKTRACE: "1" };
}

function describe(failure: ChildFailureKind): string {
  switch (failure.kind) {
    case "refused":
      return "llama.cpp refused the request";
    case "crashed":
      return `the engine's process ended by ${describeEnd(failure.end)}`;
    case "timed out":
      return `nothing was heard from the engine for ${failure.seconds} s`;
    case "nonsense":
      return "the engine's process sent a message that is none of the protocol's";
    case "aborted":
      return "interrupted";
    default:
      return failure satisfies never;
  }
}

function describeEnd(end: ChildEnd): string {
  switch (end.kind) {
    case "exit":
      return `exit code ${end.code}`;
    case "signal":
      return end.signal;
    case "killed":
      return "our own hand";
    case "not started":
      return `failing to start: ${end.message}`;
    default:
      return end satisfies never;
  }
}

const messageTypes: ReadonlySet<unknown> = new Set(["phase", "sample", "result", "error"]);

function parse(line: string): ChildMessage | null {
  try {
    const message = JSON.parse(line) as { type?: unknown } | null;
    return messageTypes.has(message?.type) ? (message as ChildMessage) : null;
  } catch {
    return null;
  }
}
