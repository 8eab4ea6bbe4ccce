/** SHA-256 of a file that is being written in pieces: what arrives in order is digested on its way, the rest read back. */
import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";

const readBytes = 1 << 20;

export class RunningDigest {
  readonly #file: FileHandle;
  #hash = createHash("sha256");
  /** Bytes from the beginning that are digested. */
  #at = 0;
  /** Bytes from the beginning that are on disk. */
  #there = 0;
  #catchingUp: Promise<void> | null = null;
  #buffer: Buffer | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  reset(): void {
    this.#hash = createHash("sha256");
    this.#at = 0;
    this.#there = 0;
  }

  /** These bytes were written at `position`; without a gap the file now reaches to `there`. */
  written(pieces: readonly Uint8Array[], position: number, there: number): void {
    this.#there = there;
    if (position === this.#at && this.#catchingUp === null) {
      for (const piece of pieces) {
        this.#hash.update(piece);
        this.#at += piece.length;
      }
    }
    this.reaches(there);
  }

  /** Without a gap the file reaches to `there`. */
  reaches(there: number): void {
    this.#there = there;
    if (this.#at >= there || this.#catchingUp !== null) return;
    this.#catchingUp = this.#catchUp().finally(() => (this.#catchingUp = null));
    // Its failure is seen by whoever asks for the digest.
    this.#catchingUp.catch(() => {});
  }

  /** Ends reading, so that the file can be closed. */
  async settle(): Promise<void> {
    this.#there = this.#at;
    await this.#catchingUp?.catch(() => {});
  }

  /** Of all bytes, in hexadecimal; once. @throws a system error */
  async hex(): Promise<string> {
    await this.#catchingUp?.catch(() => {});
    await this.#catchUp();
    return this.#hash.digest("hex");
  }

  async #catchUp(): Promise<void> {
    this.#buffer ??= Buffer.alloc(readBytes);
    while (this.#at < this.#there) {
      const hash = this.#hash;
      const at = this.#at;
      const wanted = Math.min(readBytes, this.#there - at);
      const { bytesRead } = await this.#file.read(this.#buffer, 0, wanted, at);
      if (bytesRead === 0) throw new Error(`the file ends at ${at}, before ${this.#there}`);
      // Meanwhile the download may have begun anew.
      if (hash !== this.#hash) continue;
      hash.update(this.#buffer.subarray(0, bytesRead));
      this.#at = at + bytesRead;
    }
  }
}
