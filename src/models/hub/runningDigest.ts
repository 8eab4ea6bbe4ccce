/** SHA-256 of a file that is being written in pieces: what arrives in order is digested on its way, the rest read back. */
import type { FileHandle } from "node:fs/promises";
import { slabBytes, type DigestThread } from "./digestThread.ts";

interface Piece {
  readonly position: number;
  readonly bytes: readonly Uint8Array[];
}

export class RunningDigest {
  readonly #file: FileHandle;
  readonly #thread: DigestThread;
  #id: number;
  /** Bytes from the beginning that are digested, or handed over to be. */
  #at = 0;
  /** Bytes from the beginning that are on disk. */
  #there = 0;
  /** Written last, and still in memory. */
  #recent: Piece | null = null;
  #feeding: Promise<void> | null = null;

  constructor(file: FileHandle, thread: DigestThread) {
    this.#file = file;
    this.#thread = thread;
    this.#id = thread.begin();
  }

  reset(): void {
    this.#thread.forget(this.#id);
    this.#id = this.#thread.begin();
    this.#at = 0;
    this.#there = 0;
    this.#recent = null;
  }

  /** These bytes were written at `position`; without a gap the file now reaches to `there`. */
  written(bytes: readonly Uint8Array[], position: number, there: number): void {
    if (position === this.#at) this.#recent = { position, bytes };
    this.reaches(there);
  }

  /** Without a gap the file reaches to `there`. */
  reaches(there: number): void {
    this.#there = there;
    if (this.#at >= there || this.#feeding !== null) return;
    this.#feeding = this.#feed().finally(() => (this.#feeding = null));
    // Its failure is seen by whoever asks for the digest.
    this.#feeding.catch(() => {});
  }

  /** Ends reading, so that the file can be closed. */
  async settle(): Promise<void> {
    this.#there = this.#at;
    await this.#feeding?.catch(() => {});
    this.#thread.forget(this.#id);
  }

  /** Of all bytes, in hexadecimal; once. @throws a system error */
  async hex(): Promise<string> {
    await this.#feeding?.catch(() => {});
    await this.#feed();
    return this.#thread.hex(this.#id);
  }

  async #feed(): Promise<void> {
    while (this.#at < this.#there) {
      const id = this.#id;
      const slab = await this.#thread.slab();
      const at = this.#at;
      const wanted = Math.min(slabBytes, this.#there - at);
      let bytes = 0;
      try {
        // What is asked for while the download begins anew is of no use.
        if (id === this.#id && wanted > 0) bytes = await this.#fill(slab.bytes, at, wanted);
      } finally {
        if (id !== this.#id || bytes === 0) this.#thread.giveBack(slab);
      }
      if (id !== this.#id || bytes === 0) continue;
      this.#thread.update(id, slab, bytes);
      this.#at = at + bytes;
    }
  }

  /** From memory where the bytes are still there, else from the disk. */
  async #fill(target: Uint8Array, at: number, wanted: number): Promise<number> {
    const recent = this.#recent;
    this.#recent = null;
    const length = recent?.bytes.reduce((sum, one) => sum + one.length, 0) ?? 0;
    if (recent?.position === at && length <= wanted) {
      let end = 0;
      for (const one of recent.bytes) {
        target.set(one, end);
        end += one.length;
      }
      return length;
    }
    const { bytesRead } = await this.#file.read(target, 0, wanted, at);
    if (bytesRead === 0) throw new Error(`the file ends at ${at}, before ${this.#there}`);
    return bytesRead;
  }
}
