// A child whose opening of llama.cpp never returns, and its parent. Argument: the module of the worker.
import { spawn } from "node:child_process";
import { Worker } from "node:worker_threads";

const [, file = "", worker, role] = process.argv;
if (role === "child") {
  const thread = new Worker(new URL(worker), { workerData: process.ppid });
  thread.once("online", () => {
    process.stdout.write(`${process.pid}\n`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
} else {
  spawn(process.execPath, [file, worker, "child"], { stdio: "inherit" });
}
