/**
 * A child process that talks in lines: requests on one pipe, messages on another, log on stderr. It is ended with SIGKILL,
 * and should end by itself when its pipe of requests does.
 */
import { spawn, type ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";

/** How a child ended; `killed` is our own doing. */
export type ChildEnd =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  | { readonly kind: "killed" }
  | { readonly kind: "not started"; readonly message: string };

/** What is started, and where it listens and speaks. */
export interface LineProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /**
   * `apart`: requests on fd 4, messages on fd 3, since libraries in Node look at the standard streams. `standard`: on stdin
   * and stdout, the only pipes that programs between us and the child pass on everywhere.
   */
  readonly pipes: "apart" | "standard";
}

export interface LineChildOptions extends LineProgram {
  readonly onMessage: (line: string) => void;
  readonly onLog: (line: string) => void;
}

/** A process that the child started may hold its pipes open after it. */
const drainMs = 1000;

/** A process that waits in a driver or for a network disk doesn't die before that answers, if it ever does. */
const dyingMs = 10_000;

/** Collecting garbage is up to the child: V8's own, of idle processes, would take cores from what is measured. */
const nodeFlags = ["--expose-gc", "--no-memory-reducer"];

/** A module, run by the Node that runs us. */
export function nodeProgram(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): LineProgram {
  return { command: process.execPath, args: [...nodeFlags, file, ...args], env, pipes: "apart" };
}

const layouts = {
  apart: { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"], messages: 3, requests: 4 },
  standard: { stdio: ["pipe", "pipe", "pipe"], messages: 1, requests: 0 },
} as const satisfies Record<LineProgram["pipes"], object>;

export class LineChild {
  /** Settles once the process is gone and all it wrote has been read, or no more can be waited for. */
  readonly ended: Promise<ChildEnd>;
  private readonly child: ChildProcess;
  private readonly requests: Writable;
  private killedByUs = false;
  private settle: (end: ChildEnd) => void = () => {};

  constructor({ command, args, env, pipes, onMessage, onLog }: LineChildOptions) {
    const { stdio, messages, requests } = layouts[pipes];
    this.child = spawn(command, [...args], { stdio: [...stdio], env, windowsHide: true });
    forwardLines(this.child.stdio[messages] as Readable, onMessage, maxMessageLength);
    forwardLines(this.child.stdio[2] as Readable, onLog, maxLogLength);
    this.requests = this.child.stdio[requests] as Writable;
    // A child that dies while we write closes the pipe under us; how it ended is what counts.
    this.requests.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.settle = (end) => {
        this.letGo();
        resolve(end);
      };
      this.child.once("error", (error) => resolve({ kind: "not started", message: error.message }));
      this.child.once("close", (code, signal) => resolve(this.endOf(code, signal)));
      this.child.once("exit", (code, signal) => {
        setTimeout(() => this.settle(this.endOf(code, signal)), drainMs).unref();
      });
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  send(line: string): void {
    this.requests.write(`${line}\n`);
  }

  kill(): void {
    this.killedByUs = true;
    this.child.kill("SIGKILL");
    setTimeout(() => this.settle({ kind: "killed" }), dyingMs).unref();
  }

  /** What is left of it shall not keep us from ending. */
  private letGo(): void {
    this.child.unref();
    for (const stream of this.child.stdio) stream?.destroy();
  }

  private endOf(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
    if (this.killedByUs) return { kind: "killed" };
    if (signal !== null) return { kind: "signal", signal };
    return { kind: "exit", code: code ?? 0 };
  }
}

/** A library that has gone mad shall not fill our memory with one endless line. */
const maxLogLength = 2 ** 16;

/**
 * The longest is the result of as many repetitions as a case may have, 500,000 of 30 bytes (time and beginning), with each
 * token's time in the last one.
 */
const maxMessageLength = 2 ** 26;

/** A long line comes in a thousand chunks: they are put together once. */
function forwardLines(stream: Readable, onLine: (line: string) => void, maxLength: number): void {
  let parts: string[] = [];
  let length = 0;
  const add = (part: string): void => {
    parts.push(part);
    length += part.length;
  };
  const end = (): void => {
    const line = parts.join("");
    parts = [];
    length = 0;
    onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  };
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    const [first = "", ...others] = chunk.split("\n");
    add(first);
    for (const part of others) {
      end();
      add(part);
    }
    if (length > maxLength) end();
  });
  stream.on("end", () => {
    if (length > 0) end();
  });
}
