/** Ctrl-C and SIGTERM: the first asks a command to stop and keep what it has, the second ends it at once. */

const controller = new AbortController();
let listening = false;

/** By the shell's custom, 128 and SIGINT's number. */
export const interruptedExitCode = 130;

function onSignal(): void {
  if (controller.signal.aborted) process.exit(interruptedExitCode);
  controller.abort();
  console.error("llmbench: stopping; once more to end at once");
}

/** A signal that aborts when the user, or the system, asks llmbench to stop. */
export function interruption(): AbortSignal {
  if (!listening) {
    listening = true;
    // Windows sends SIGINT for Ctrl-C, SIGBREAK for Ctrl-Break, and has no SIGTERM to catch.
    for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) process.on(name, onSignal);
  }
  return controller.signal;
}

export function wasInterrupted(): boolean {
  return controller.signal.aborted;
}
