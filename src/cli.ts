#!/usr/bin/env node
import { finishing, heedSignals } from "./ui/interruption.ts";

// Before all else is loaded.
heedSignals();
const { main, tellFailure } = await import("./cli/main.ts");
const { LlmbenchError } = await import("./errors.ts");

const argv = process.argv.slice(2);

/** A reader that has seen enough (`| head`), or is gone with its terminal, is no failure, and no reason to give up a run half way. */
function isGone({ code = "" }: NodeJS.ErrnoException): boolean {
  return (
    code === "EPIPE" || code === "ERR_STREAM_DESTROYED" || (code === "EIO" && stdoutIsTerminal)
  );
}
const stdoutIsTerminal = process.stdout.isTTY;
let outputFailed: number | null = null;

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (outputFailed !== null || isGone(error)) return;
  const message = `standard output can't be written: ${error.message}`;
  outputFailed = tellFailure(new LlmbenchError("output", message, { cause: error }), argv);
  process.exitCode = outputFailed;
});
// What can't be said can't be said: a log on a full disk must not end a run of hours.
process.stderr.on("error", () => {});

const exitCode = await main(argv);
finishing();
process.exitCode = outputFailed ?? exitCode;
