/** Digests bytes on a thread of its own: the downloads' thread has enough to do with the network. */
import { createHash, type Hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import type { DigestAnswer, DigestRequest } from "./digestThread.ts";

const slabs = (workerData as readonly SharedArrayBuffer[]).map((memory) => new Uint8Array(memory));

const hashes = new Map<number, Hash>();

function answer(message: DigestAnswer): void {
  parentPort?.postMessage(message);
}

parentPort?.on("message", (request: DigestRequest) => {
  const { id } = request;
  const hash = hashes.get(id) ?? createHash("sha256");
  if (request.type === "bytes") {
    const bytes = slabs[request.slab]?.subarray(0, request.bytes);
    if (bytes !== undefined) hashes.set(id, hash.update(bytes));
    answer({ type: "read", slab: request.slab });
    return;
  }
  hashes.delete(id);
  if (request.type === "end") answer({ type: "digest", id, hex: hash.digest("hex") });
});
