#!/usr/bin/env node
import { main } from "./cli/main.ts";

/** A reader that has seen enough (`| head`) is no failure, and no reason to give up a run half way. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
}
process.stdout.on("error", ignoreClosedPipe);
process.stderr.on("error", ignoreClosedPipe);

process.exitCode = await main(process.argv.slice(2));
