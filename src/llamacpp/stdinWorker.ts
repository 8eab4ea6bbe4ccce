/**
 * The child's reader of requests, a thread of its own: it blocks on stdin, hands each line to the main thread, and at
 * end of file, which is the parent's end, kills the process, inside a long llama.cpp call too.
 */
import { readSync } from "node:fs";
import { parentPort } from "node:worker_threads";

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
    return readSync(0, chunk);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows reports the end of a pipe as an error; anything else unexpected also means that no parent listens.
    if (code === "EAGAIN" || code === "EINTR") return read();
    return 0;
  }
}
