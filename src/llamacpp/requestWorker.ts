/**
 * The child's reader of requests, a thread of its own: it blocks on its pipe, hands each line to the main thread, and
 * at end of file, which is the parent's end, kills the process, inside a long llama.cpp call too.
 */
import { readSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { requestDescriptor } from "./protocol.ts";

const chunk = Buffer.alloc(64 * 1024);
let rest = "";

for (;;) {
  const length = read();
  if (length === 0) process.kill(process.pid, "SIGKILL");
  const lines = (rest + chunk.toString("utf8", 0, length)).split("\n");
  rest = lines.pop() ?? "";
  for (const line of lines) parentPort?.postMessage(line);
}

function read(): number {
  try {
    return readSync(requestDescriptor, chunk);
  } catch {
    // Windows reports the end of a pipe as an error; any other error too means that nobody speaks to us any more.
    return 0;
  }
}
