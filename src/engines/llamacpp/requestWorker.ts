/**
 * The child's reader of requests, a thread of its own: it blocks on its pipe, hands each line to the main thread, and
 * at end of file, which is the parent's end, kills the process, inside a long llama.cpp call too.
 *
 * It blocks once it is told to. Before, while the engine is opened and a driver may take its time, it looks now and then
 * whether the parent is still there.
 */
import { readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { requestDescriptor } from "./protocol.ts";

const parentPid = workerData as number;
const lookMs = 100;

/** An orphan is another's child; on Windows it keeps the number of its parent, and ends when it reads. */
const watch = setInterval(() => {
  if (process.ppid !== parentPid) end();
}, lookMs);

parentPort?.once("message", () => {
  clearInterval(watch);
  forwardRequests();
});

function forwardRequests(): never {
  const chunk = Buffer.alloc(64 * 1024);
  let rest = "";
  for (;;) {
    const length = read(chunk);
    if (length === 0) end();
    const lines = (rest + chunk.toString("utf8", 0, length)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) parentPort?.postMessage(line);
  }
}

function end(): void {
  process.kill(process.pid, "SIGKILL");
}

function read(chunk: Buffer): number {
  try {
    return readSync(requestDescriptor, chunk);
  } catch {
    // Windows reports the end of a pipe as an error; any other error too means that nobody speaks to us any more.
    return 0;
  }
}
