/** The thread that digests, and the memory through which it is handed bytes. */
import { Worker } from "node:worker_threads";
import { compiledFile } from "../../base/compiledFile.ts";

export type DigestRequest =
  | {
      readonly type: "bytes";
      readonly id: number;
      /** Index of the slab that holds them. */
      readonly slab: number;
      readonly bytes: number;
    }
  | { readonly type: "end" | "forget"; readonly id: number };

export type DigestAnswer =
  | { readonly type: "read"; readonly slab: number }
  | { readonly type: "digest"; readonly id: number; readonly hex: string };

/** A write's worth of bytes, and a socket's piece more. */
export const slabBytes = (1 << 20) + (1 << 17);

/** One being filled and one being digested, for a few files. */
const slabs = 8;

/** A place for bytes that both threads see. */
export interface Slab {
  readonly index: number;
  readonly bytes: Uint8Array;
}

export class DigestThread {
  readonly #slabs: readonly Slab[];
  readonly #worker: Worker;
  readonly #free: Slab[];
  readonly #waiting: ((slab: Slab) => void)[] = [];
  readonly #digests = new Map<number, (hex: string) => void>();
  readonly #failed: Promise<never>;
  #lastId = 0;

  constructor() {
    // Handed over once: with each message they would cost more than the digest.
    const shared = Array.from({ length: slabs }, () => new SharedArrayBuffer(slabBytes));
    this.#slabs = shared.map((memory, index) => ({ index, bytes: new Uint8Array(memory) }));
    this.#free = [...this.#slabs];
    this.#worker = new Worker(compiledFile(import.meta.url, "./digestWorker.js"), {
      workerData: shared,
    });
    this.#worker.on("message", (answer: DigestAnswer) => this.#onAnswer(answer));
    this.#failed = new Promise((_, reject) => this.#worker.on("error", reject));
    // Seen by whoever waits for a digest.
    this.#failed.catch(() => {});
  }

  /** The number of a new digest. */
  begin(): number {
    return ++this.#lastId;
  }

  /** Memory to fill, once some is free; to be handed on by update or giveBack. */
  slab(): Promise<Slab> {
    const free = this.#free.pop();
    if (free !== undefined) return Promise.resolve(free);
    const next = new Promise<Slab>((resolve) => this.#waiting.push(resolve));
    return Promise.race([next, this.#failed]);
  }

  giveBack(slab: Slab): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(slab);
    else next(slab);
  }

  update(id: number, { index: slab }: Slab, bytes: number): void {
    this.#post({ type: "bytes", id, slab, bytes });
  }

  /** SHA-256 of all bytes that were handed on, in hexadecimal. */
  hex(id: number): Promise<string> {
    const digest = new Promise<string>((resolve) => this.#digests.set(id, resolve));
    this.#post({ type: "end", id });
    return Promise.race([digest, this.#failed]);
  }

  forget(id: number): void {
    this.#post({ type: "forget", id });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #post(request: DigestRequest): void {
    this.#worker.postMessage(request);
  }

  #onAnswer(answer: DigestAnswer): void {
    if (answer.type === "read") {
      const slab = this.#slabs[answer.slab];
      if (slab !== undefined) this.giveBack(slab);
      return;
    }
    this.#digests.get(answer.id)?.(answer.hex);
    this.#digests.delete(answer.id);
  }
}
