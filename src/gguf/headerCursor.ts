/** Reads a file's beginning piece by piece through one window, never past the file's end or the header's limit. */
import { headerLimits } from "./headerLimits.ts";
import type { HeaderSource } from "./headerSource.ts";
import { MalformedHeader } from "./malformedHeader.ts";
import { scalarTypes } from "./metadataTypes.ts";
import type { ScalarTypeName } from "./metadataTypes.ts";

export /** Foreign text made fit for a line on a terminal: cut, and without control characters. */
function quoted(text: string): string {
  const short = text.length > 64 ? `${text.slice(0, 64)}…` : text;
  return JSON.stringify(short.replaceAll(/\p{C}/gu, "\u{fffd}"));
}

const windowBytes = 1 << 18;

export class HeaderCursor {
  readonly #source: HeaderSource;
  #window = Buffer.alloc(windowBytes);
  /** File offset of the window's first byte, and how much of the window is filled. */
  #windowStart = 0;
  #filled = 0;
  #position = 0;

  constructor(source: HeaderSource) {
    this.#source = source;
  }

  /** Offset of the next byte in the file. */
  get position(): number {
    return this.#position;
  }

  scalar(type: ScalarTypeName): number | bigint | boolean {
    const at = this.#take(scalarTypes[type].bytes);
    const window = this.#window;
    switch (type) {
      case "u8":
        return window.readUInt8(at);
      case "i8":
        return window.readInt8(at);
      case "bool":
        return window.readUInt8(at) !== 0;
      case "u16":
        return window.readUInt16LE(at);
      case "i16":
        return window.readInt16LE(at);
      case "u32":
        return window.readUInt32LE(at);
      case "i32":
        return window.readInt32LE(at);
      case "f32":
        return window.readFloatLE(at);
      case "f64":
        return window.readDoubleLE(at);
      case "u64":
        return exact(window.readBigUInt64LE(at));
      case "i64":
        return exact(window.readBigInt64LE(at));
      default:
        return type satisfies never;
    }
  }

  u32(): number {
    return this.#window.readUInt32LE(this.#take(4));
  }

  /** An unsigned 64-bit count, at most `limit`; `what`, of `owner` if it has one, is named where it is more. */
  count(limit: number, what: string, owner?: string): number {
    const at = this.#take(8);
    const value = this.#window.readUInt32LE(at) + this.#window.readUInt32LE(at + 4) * 2 ** 32;
    if (value <= limit) return value;
    const named = owner === undefined ? what : `${what} of ${quoted(owner)}`;
    throw new MalformedHeader(`${named}: at most ${limit} expected, got ${value}`);
  }

  /** A text of at most `limit` bytes. */
  string(limit: number, what: string, owner?: string): string {
    const bytes = this.count(limit, what, owner);
    if (bytes <= windowBytes) {
      const at = this.#take(bytes);
      return this.#window.toString("utf8", at, at + bytes);
    }
    this.#claim(bytes);
    const text = Buffer.alloc(bytes);
    this.#readAt(text, this.#position, bytes);
    this.#position += bytes;
    return text.toString("utf8");
  }

  skip(bytes: number): void {
    this.#claim(bytes);
    this.#position += bytes;
  }

  /** Window offset of the next `bytes` bytes, which are consumed. */
  #take(bytes: number): number {
    this.#claim(bytes);
    const start = this.#position;
    this.#position += bytes;
    const end = this.#windowStart + this.#filled;
    if (start < this.#windowStart || start + bytes > end) this.#refill(start, bytes);
    return start - this.#windowStart;
  }

  #claim(bytes: number): void {
    const end = this.#position + bytes;
    if (end > headerLimits.headerBytes) {
      throw new MalformedHeader(`its header is longer than ${headerLimits.headerBytes} bytes`);
    }
    const { fileBytes } = this.#source;
    if (end > fileBytes) {
      throw new MalformedHeader(`it ends at byte ${fileBytes}, within its header`);
    }
  }

  /** As much as the window and the source hold, `needed` bytes at least. */
  #refill(start: number, needed: number): void {
    const bytes = Math.min(windowBytes, this.#source.fileBytes - start);
    this.#filled = this.#readAt(this.#window, start, bytes, needed);
    this.#windowStart = start;
  }

  #readAt(target: Buffer, start: number, bytes: number, needed = bytes): number {
    let done = 0;
    while (done < bytes) {
      const n = this.#source.read(target, done, bytes - done, start + done);
      if (n === 0 && done < needed) throw this.#source.ended();
      if (n === 0) break;
      done += n;
    }
    return done;
  }
}

/** A number where a double holds it exactly, else the bigint. */
function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
