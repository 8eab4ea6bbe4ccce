/**
 * A child process that talks in lines: requests on fd 4, messages on fd 3, log on stderr. It is ended with SIGKILL,
 * and should end by itself when its fd 4 does.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** How a child ended; `killed` is our own doing. */
export type ChildEnd =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: NodeJS.Signals }
  | { readonly kind: "killed" }
  | { readonly kind: "not started"; readonly message: string };

export interface LineChildOptions {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onMessage: (line: string) => void;
  readonly onLog: (line: string) => void;
}

export class LineChild {
  /** Settles once the process is gone and all it wrote has been read. */
  readonly ended: Promise<ChildEnd>;
  private readonly child: ChildProcess;
  private readonly requests: Writable;
  private killedByUs = false;

  constructor({ file, args, env, onMessage, onLog }: LineChildOptions) {
    this.child = spawn(process.execPath, ["--expose-gc", file, ...args], {
      stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
      env,
      windowsHide: true,
    });
    forwardLines(this.child.stdio[3] as Readable, onMessage);
    forwardLines(this.child.stdio[2] as Readable, onLog);
    this.requests = this.child.stdio[4] as Writable;
    // A child that dies while we write closes the pipe under us; how it ended is what counts.
    this.requests.on("error", () => {});
    this.ended = new Promise((resolve) => {
      this.child.once("error", (error) => resolve({ kind: "not started", message: error.message }));
      this.child.once("close", (code, signal) => resolve(this.endOf(code, signal)));
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
  }

  private endOf(code: number | null, signal: NodeJS.Signals | null): ChildEnd {
    if (this.killedByUs) return { kind: "killed" };
    if (signal !== null) return { kind: "signal", signal };
    return { kind: "exit", code: code ?? 0 };
  }
}

function forwardLines(stream: Readable, onLine: (line: string) => void): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on("line", onLine);
}
