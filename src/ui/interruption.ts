/**
 * Ctrl-C, SIGTERM and a terminal that was closed: the first asks work that can keep what it has to stop, and ends llmbench
 * where there is nothing to keep; the second ends it at once.
 */
import { closeSync } from "node:fs";

/** 128 and SIGINT's number, by the shell's custom. */
export const interruptedExitCode = 130;

/**
 * One Ctrl-C may come twice: from the terminal, and again from npm, which forwards it (@npmcli/run-script), or from a
 * library that passes on what it caught. Nobody presses two keys this fast, in milliseconds.
 */
const sameSignalMs = 400;

/** What the first signal does. */
interface Answer {
  readonly says: string;
  readonly ends: boolean;
}

const stopping: Answer = { says: "stopping; once more to end at once", ends: false };

const controller = new AbortController();
let answer: Answer = { says: "interrupted", ends: true };
let firstAt = -Infinity;

function onSignal(): void {
  if (!controller.signal.aborted) {
    firstAt = performance.now();
    controller.abort();
    console.error(`llmbench: ${answer.says}`);
    if (answer.ends) process.exit(interruptedExitCode);
  } else if (performance.now() - firstAt > sameSignalMs) {
    process.exit(interruptedExitCode);
  }
}

/** Node aborts where it can't set back a terminal that is gone (ResetStdio in its src/node.cc); of a closed file it doesn't try. */
function leaveTerminal(): void {
  for (const file of [0, 1, 2])
    try {
      closeSync(file);
    } catch {
      // It was closed already.
    }
}

/** Answers signals here from now on. */
export function heedSignals(): void {
  // Windows sends SIGINT for Ctrl-C, SIGBREAK for Ctrl-Break, and has no SIGTERM to catch.
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const)
    process.on(name, onSignal);
  process.once("SIGHUP", () => process.once("exit", leaveTerminal));
}

/** What is said where a signal ends llmbench: what that costs. */
export function endsWith(says: string): void {
  answer = { says, ends: true };
}

/** Work that stops by itself, and keeps what it has, when its signal aborts. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const before = answer;
  answer = stopping;
  try {
    return await work(controller.signal);
  } finally {
    answer = before;
  }
}

/** Lets a signal only ask work to stop from now on, which keeps what it has: the work hears `interruption`. */
export function stopsByItself(): void {
  answer = stopping;
}

/** All is done but for the telling, which is better whole than in half. */
export function finishing(): void {
  answer = { says: "finishing; once more to end at once", ends: false };
}

/** Aborts with the first signal. */
export function interruption(): AbortSignal {
  return controller.signal;
}

export function wasInterrupted(): boolean {
  return controller.signal.aborted;
}

/** Whether a command ended since it was asked to; anything else that it throws meanwhile is a failure like any other. */
export function isInterruption(error: unknown): boolean {
  const { aborted, reason } = controller.signal;
  return (aborted && error === reason) || (error instanceof Error && error.name === "Interrupted");
}
