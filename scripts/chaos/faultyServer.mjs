// @ts-check
// A model hub and the store that it redirects to, on this machine, with the faults of real ones.
import { createCipheriv, createHash } from "node:crypto";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * What happens to one answer of the store:
 * - `drop`: the connection breaks after so many bytes
 * - `truncate`: the answer ends in good order after so many bytes
 * - `corrupt`: the byte at this place of the file is another
 * - `crawl`: a few bytes at a time
 * - `status`: no answer but this one
 * - `shift`: bytes from another place than was asked for, and says so
 * @typedef {{ type: "drop" | "truncate" | "corrupt", at: number }
 *   | { type: "crawl" | "shift" }
 *   | { type: "status", status: number, retryAfter?: string }
 *   | null} Fault
 */

/**
 * @typedef {{ method: string, path: string, range: string | null, authorization: string | null, onHub: boolean,
 *   proxied: boolean }} Seen
 */

/**
 * `statedBytes` is what a listing says where that isn't the truth.
 * @typedef {{ bytes: Buffer, etag: string | null, sha256: string | null, lastModified?: string, statedBytes?: number }} Served
 */

const chunkBytes = 1 << 16;

/**
 * Bytes that a seed repeats, under a header that makes them a .gguf without tensors.
 * @param {string} seed
 * @param {number} size
 */
export function modelBytes(seed, size) {
  const key = createHash("sha256").update(seed).digest();
  const bytes = createCipheriv("aes-256-ctr", key, Buffer.alloc(16)).update(Buffer.alloc(size));
  const header = Buffer.alloc(24);
  header.write("GGUF");
  header.writeUInt32LE(3, 4);
  header.copy(bytes);
  return bytes;
}

/** @param {Buffer} bytes */
export const sha256Of = (bytes) => createHash("sha256").update(bytes).digest("hex");

export class FaultyServer {
  /** By path in the repository, `user/repo/file.gguf`. @type {Map<string, Served>} */
  files = new Map();
  /** @type {Seen[]} */
  seen = [];
  /** Bytes of files that went out. */
  sentBytes = 0;
  /** Most answers of the store at once. */
  mostAtOnce = 0;
  /** The store gives parts. */
  ranges = true;
  /** Redirects to the store on another port; else the hub gives the files itself. */
  redirects = true;
  /** What the hub answers to everything, where it does. @type {{ status: number, code?: string } | null} */
  refusal = null;
  /** @type {(request: Seen) => Fault} */
  fault = () => null;

  #atOnce = 0;
  #hub = createServer((request, response) => void this.#answer(request, response, true));
  #store = createServer((request, response) => void this.#answer(request, response, false));

  /** @param {Record<string, Buffer>} files by `user/repo/file.gguf` */
  constructor(files = {}) {
    for (const [path, bytes] of Object.entries(files)) this.put(path, bytes);
    for (const server of [this.#hub, this.#store]) server.keepAliveTimeout = 500;
  }

  /** @param {string} path @param {Buffer} bytes */
  put(path, bytes) {
    const sha256 = sha256Of(bytes);
    this.files.set(path, { bytes, sha256, etag: `"${sha256.slice(0, 32)}"` });
  }

  async listen() {
    for (const server of [this.#hub, this.#store]) {
      await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
    }
    return this;
  }

  get endpoint() {
    return addressOf(this.#hub);
  }

  get storeUrl() {
    return addressOf(this.#store);
  }

  async close() {
    for (const server of [this.#hub, this.#store]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  /**
   * @param {import("node:http").IncomingMessage} request
   * @param {import("node:http").ServerResponse} response
   * @param {boolean} onHub
   */
  async #answer(request, response, onHub) {
    // A proxy is asked for whole addresses.
    const url = new URL(request.url ?? "/", "http://server");
    /** @type {Seen} */
    const seen = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      range: request.headers.range ?? null,
      authorization: request.headers.authorization ?? null,
      onHub,
      proxied: /^https?:/.test(request.url ?? ""),
    };
    this.seen.push(seen);
    response.on("error", () => {});
    if (onHub && this.refusal !== null) {
      const { status, code } = this.refusal;
      response.writeHead(status, code === undefined ? {} : { "x-error-code": code }).end("no");
      return;
    }
    const tree = /^\/api\/models\/([^/]+\/[^/]+)\/tree\/main$/.exec(seen.path)?.[1];
    if (tree !== undefined) return this.#list(tree, response);
    const path = seen.path.slice(1).replace("/resolve/main/", "/");
    const file = this.files.get(path);
    if (file === undefined) {
      response.writeHead(404, { "x-error-code": "EntryNotFound" }).end("none");
    } else if (onHub && this.redirects) {
      response
        .writeHead(302, {
          location: `${this.storeUrl}/${path}?X-Amz-Signature=signed-and-secret`,
          "x-linked-size": String(file.bytes.length),
          ...(file.sha256 === null ? {} : { "x-linked-etag": `"${file.sha256}"` }),
        })
        .end();
    } else {
      await this.#give(file, seen, response);
    }
  }

  /** @param {string} repo @param {import("node:http").ServerResponse} response */
  #list(repo, response) {
    const files = [...this.files].filter(([path]) => path.startsWith(`${repo}/`));
    if (files.length === 0) {
      response.writeHead(401, { "x-error-code": "RepoNotFound" }).end("{}");
      return;
    }
    const tree = files.map(([path, { bytes, sha256, statedBytes: size = bytes.length }]) => ({
      type: "file",
      path: path.slice(repo.length + 1),
      size,
      // As of a small file that git itself holds.
      lfs: sha256 === null ? undefined : { oid: sha256, size, pointerSize: 134 },
    }));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(tree));
  }

  /** @param {Served} file @param {Seen} seen @param {import("node:http").ServerResponse} response */
  async #give({ bytes, etag, lastModified }, seen, response) {
    const fault = this.fault(seen);
    if (fault?.type === "status") {
      const { status, retryAfter } = fault;
      response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter });
      response.end("busy");
      return;
    }
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(seen.range ?? "") ?? [];
    const ranged = this.ranges && first !== undefined;
    let start = ranged ? Number(first) : 0;
    const end = ranged && last ? Math.min(Number(last) + 1, bytes.length) : bytes.length;
    if (start >= bytes.length && bytes.length > 0) {
      response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
      return;
    }
    if (fault?.type === "shift") start = Math.max(0, start - 1);
    response.writeHead(ranged ? 206 : 200, {
      ...(etag === null ? {} : { etag }),
      ...(lastModified === undefined ? {} : { "last-modified": lastModified }),
      ...(ranged ? { "content-range": `bytes ${start}-${end - 1}/${bytes.length}` } : {}),
      // An answer that ends early in good order can't have said how long it is.
      ...(fault?.type === "truncate" ? {} : { "content-length": String(end - start) }),
    });
    if (seen.method === "HEAD") {
      response.end();
      return;
    }
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    try {
      await this.#send(bytes, start, end, fault, response);
    } finally {
      this.#atOnce -= 1;
    }
  }

  /**
   * @param {Buffer} bytes @param {number} start @param {number} end @param {Fault} fault
   * @param {import("node:http").ServerResponse} response
   */
  async #send(bytes, start, end, fault, response) {
    const ends = fault?.type === "drop" || fault?.type === "truncate";
    const stop = ends ? Math.min(end, start + fault.at) : end;
    const step = fault?.type === "crawl" ? 64 : chunkBytes;
    for (let at = start; at < stop && !response.destroyed; at += step) {
      let piece = bytes.subarray(at, Math.min(at + step, stop));
      if (fault?.type === "corrupt" && fault.at >= at && fault.at < at + piece.length) {
        piece = Buffer.from(piece);
        piece.writeUInt8(piece.readUInt8(fault.at - at) ^ 1, fault.at - at);
      }
      this.sentBytes += piece.length;
      if (fault?.type === "crawl") await sleep(20);
      if (!response.write(piece)) await drained(response);
    }
    if (fault?.type !== "drop") {
      response.end();
      return;
    }
    // What was written before the break shall arrive, the headers at least.
    response.flushHeaders();
    await sleep(1);
    response.destroy();
  }
}

/** @param {import("node:http").ServerResponse} response */
function drained(response) {
  return new Promise((resolve) => {
    if (response.destroyed) {
      resolve(null);
      return;
    }
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve(null);
    };
    response.on("drain", done);
    response.on("close", done);
  });
}

/** @param {import("node:http").Server} server */
function addressOf(server) {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return `http://127.0.0.1:${address.port}`;
}
