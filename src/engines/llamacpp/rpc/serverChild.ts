/**
 * The child process that serves: llama.cpp's own RPC server, on the main thread, until the process ends. Started with what
 * it is to serve as JSON; it says on fd 3 that it begins, and ends with the pipe of its requests (requestWorker.ts).
 */
import { writeSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { openEngine, pointersOf } from "../engine.ts";
import { namedLibraries } from "../libraries.ts";
import { messageDescriptor } from "../protocol.ts";
import { bindRpc } from "./bindRpc.ts";
import type { ServerChildMessage, ServerChildRequest } from "./serverMessages.ts";

function send(message: ServerChildMessage): void {
  writeSync(messageDescriptor, `${JSON.stringify(message)}\n`);
}

async function serve(request: ServerChildRequest): Promise<void> {
  const { device, found, library, endpoint, cacheDir, threads, devices, allow } = request;
  const engine = await openEngine(device, found);
  const rpc = bindRpc(library, namedLibraries(engine.info.libraries));
  if (allow.length > 0) rpc.allow(allow);
  if (cacheDir !== null) rpc.requireWholeTensors();
  const { api } = engine;
  const served = devices.map((name) => {
    const pointer = pointersOf(api).find((one) => api.deviceName(one) === name);
    if (pointer === undefined) throw new Error(`no device ${name}`);
    return pointer;
  });
  send({ type: "serving" });
  input.postMessage("read requests");
  rpc.startServer({ endpoint, cacheDir, threads, devices: served });
  throw new Error("llama.cpp's RPC server could not listen");
}

// The terminal's Ctrl-C, and its end, reach the whole process group; when to end is the parent's decision.
for (const name of ["SIGINT", "SIGHUP"] as const) process.on(name, () => {});

const input = new Worker(new URL("../requestWorker.js", import.meta.url), {
  workerData: process.ppid,
});
const [request = ""] = process.argv.slice(2);
const began = serve(JSON.parse(request) as ServerChildRequest);
began.catch((error: unknown) => {
  send({ type: "error", message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
