/** Ctrl-C and SIGTERM: the first asks a command to stop and keep what it has, the second ends it at once. */

const controller = new AbortController();
let listening = false;

/** By the shell's custom, 128 and SIGINT's number. */
export const interruptedExitCode = 130;

/**
 * One Ctrl-C may come twice: from the terminal, and again from npm, which forwards it (@npmcli/run-script), or from a
 * library that passes on what it caught. Nobody presses two keys this fast, in milliseconds.
 */
const sameSignalMs = 400;

let firstAt = -Infinity;

function onSignal(): void {
  if (!controller.signal.aborted) {
    firstAt = performance.now();
    controller.abort();
    console.error("llmbench: stopping; once more to end at once");
  } else if (performance.now() - firstAt > sameSignalMs) {
    process.exit(interruptedExitCode);
  }
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

/** Whether a command ended since it was asked to; anything else that it throws meanwhile is a failure like any other. */
export function isInterruption(error: unknown): boolean {
  const { aborted, reason } = controller.signal;
  return aborted && (error === reason || (error instanceof Error && error.name === "Interrupted"));
}
