/** The data section of a synthetic model, piece by piece, in the file's order. */
import { ggmlTypes } from "../ggmlTypes.ts";
import type { GgmlTypeName } from "../ggmlTypes.ts";
import { alignTo, defaultAlignment } from "../tensorTable.ts";
import { blockFills, patchFor } from "./blockFills.ts";
import type { Patch } from "./blockFills.ts";
import { byteScaleFills } from "./byteScaleFills.ts";
import { gaussianHalves, gaussianUpperHalves } from "./gaussian.ts";
import { randomPool } from "./randomPool.ts";

/** What a tensor is filled with: given values or bytes, or random weights of a deviation. */
export type TensorContent =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "values"; readonly values: Float32Array }
  | {
      readonly kind: "random";
      readonly type: GgmlTypeName;
      readonly blocks: number;
      readonly deviation: number;
    };

/** Larger than any block: the least to draw from. */
const smallestPool = 512;

/** Room for the block that straddles the end of a piece, and the padding behind it: no alignment is larger (readHeader.ts). */
const slack = smallestPool + 65_536;

export function pieceCapacity(pieceBytes: number): number {
  return pieceBytes + slack;
}

/** Bytes to copy, block by block, and what to patch in the copy. */
interface Source {
  readonly pool: Uint8Array;
  readonly blockBytes: number;
  readonly patch: Patch | null;
}

export class WeightStream {
  readonly #contents: readonly TensorContent[];
  readonly #alignment: number;
  readonly #random: Uint8Array;
  /** Sources by type and deviation, made on first use; float pools are large and few. */
  readonly #sources = new Map<string, Source>();
  #poolPosition = 0;
  #index = 0;
  /** Blocks or values of the current tensor that are done. */
  #done = 0;
  #carry = Buffer.alloc(0);

  /**
   * @param key 16 bytes or more that decide the weights
   * @param totalBytes of the whole section
   * @param alignment of each tensor's beginning
   */
  constructor(
    contents: readonly TensorContent[],
    key: Uint8Array,
    totalBytes: number,
    alignment = defaultAlignment,
  ) {
    this.#contents = contents;
    this.#alignment = alignment;
    this.#random = randomPool(key, Math.max(totalBytes, smallestPool));
  }

  /**
   * Fills `target` up to `pieceBytes` (a multiple of the alignment), less at the end. `target` begins at a multiple of four bytes of
   * its memory and has pieceCapacity(pieceBytes).
   *
   * @returns the bytes of the section that are in `target` now; 0 at the end.
   */
  next(target: Buffer, pieceBytes: number): number {
    const views = {
      u8: target,
      u16: new Uint16Array(target.buffer, target.byteOffset, Math.floor(target.length / 2)),
      u32: new Uint32Array(target.buffer, target.byteOffset, Math.floor(target.length / 4)),
    };
    this.#carry.copy(target);
    let end = this.#carry.length;
    while (end < pieceBytes) {
      const content = this.#contents[this.#index];
      if (content === undefined) break;
      end = this.#fill(content, target, views, end, pieceBytes);
    }
    this.#carry = Buffer.from(target.subarray(Math.min(end, pieceBytes), end));
    return Math.min(end, pieceBytes);
  }

  #fill(
    content: TensorContent,
    target: Buffer,
    views: Parameters<Patch>[0],
    start: number,
    limit: number,
  ): number {
    switch (content.kind) {
      case "values":
        return this.#copyValues(content.values, target, start, limit);
      case "bytes":
        return this.#copyBytes(content.bytes, target, start, limit);
      case "random":
        return this.#fillBlocks(content, target, views, start, limit);
      default:
        return content satisfies never;
    }
  }

  #copyBytes(bytes: Uint8Array, target: Buffer, start: number, limit: number): number {
    const count = Math.min(bytes.length - this.#done, limit - start);
    target.set(bytes.subarray(this.#done, this.#done + count), start);
    return this.#advance(count, bytes.length, target, start + count);
  }

  #copyValues(values: Float32Array, target: Buffer, start: number, limit: number): number {
    const count = Math.min(values.length - this.#done, Math.ceil((limit - start) / 4));
    for (let i = 0; i < count; i++) target.writeFloatLE(values[this.#done + i] ?? 0, start + 4 * i);
    return this.#advance(count, values.length, target, start + 4 * count);
  }

  #fillBlocks(
    content: TensorContent & { kind: "random" },
    target: Buffer,
    views: Parameters<Patch>[0],
    start: number,
    limit: number,
  ): number {
    const { pool, blockBytes, patch } = this.#source(content.type, content.deviation);
    // A pool of floats holds whole ones; blocks before them may have ended anywhere.
    if (patch === null) this.#poolPosition = alignTo(this.#poolPosition, blockBytes);
    const count = Math.min(content.blocks - this.#done, Math.ceil((limit - start) / blockBytes));
    const end = start + count * blockBytes;
    this.#copyFrom(pool, target, start, end);
    patch?.(views, start, count);
    return this.#advance(count, content.blocks, target, end);
  }

  /** Counts what was made; behind a tensor's last value pads with zeros to where the next begins. */
  #advance(count: number, total: number, target: Buffer, end: number): number {
    this.#done += count;
    if (this.#done < total) return end;
    this.#done = 0;
    this.#index += 1;
    const padded = alignTo(end, this.#alignment);
    target.fill(0, end, padded);
    return padded;
  }

  #copyFrom(pool: Uint8Array, target: Buffer, start: number, end: number): void {
    let at = start;
    while (at < end) {
      const from = this.#poolPosition % pool.length;
      const bytes = Math.min(end - at, pool.length - from);
      target.set(pool.subarray(from, from + bytes), at);
      at += bytes;
      this.#poolPosition = from + bytes;
    }
  }

  #source(type: GgmlTypeName, deviation: number): Source {
    const key = `${type} ${deviation}`;
    let source = this.#sources.get(key);
    if (source === undefined) {
      source = makeSource(type, deviation, this.#random);
      this.#sources.set(key, source);
    }
    return source;
  }
}

/** Floats come from a pool of their own: to map each element anew would take longer than the disk. */
const floatPools = {
  f16: (random, deviation) => mapHalves(random, gaussianHalves(deviation)),
  bf16: (random, deviation) => mapHalves(random, gaussianUpperHalves(deviation)),
  f32: (random, deviation) => mapFloats(random, gaussianUpperHalves(deviation)),
} as const satisfies Partial<
  Record<GgmlTypeName, (random: Uint8Array, deviation: number) => Uint8Array>
>;

/** Whether there are synthetic weights of a type: of all that llama.cpp multiplies with. */
export function canFill(type: GgmlTypeName): boolean {
  return [floatPools, blockFills, byteScaleFills].some((table) => isKeyOf(table, type));
}

/** @throws RangeError for types that can't be filled. */
function makeSource(type: GgmlTypeName, deviation: number, random: Uint8Array): Source {
  const { blockBytes } = ggmlTypes[type];
  if (isKeyOf(floatPools, type)) {
    return { pool: floatPools[type](random, deviation), blockBytes, patch: null };
  }
  if (isKeyOf(byteScaleFills, type)) {
    return { pool: random, blockBytes, patch: byteScaleFills[type].patch(deviation) };
  }
  if (!isKeyOf(blockFills, type)) throw new RangeError(`no synthetic weights of type ${type}`);
  return { pool: random, blockBytes, patch: patchFor(type, deviation) };
}

function isKeyOf<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}

/** Whole elements of the pool, each 16 bits replaced by the table's. */
function mapHalves(random: Uint8Array, table: Uint16Array): Uint8Array {
  const halves = new Uint16Array(Math.floor(random.length / 2));
  const bytes = new Uint8Array(halves.buffer);
  bytes.set(random.subarray(0, bytes.length));
  for (let i = 0; i < halves.length; i++) halves[i] = table[halves[i] ?? 0] ?? 0;
  return bytes;
}

/** Sign, exponent and first mantissa bits from the table, the other mantissa bits as they are. */
function mapFloats(random: Uint8Array, table: Uint16Array): Uint8Array {
  const words = new Uint32Array(Math.floor(random.length / 4));
  const bytes = new Uint8Array(words.buffer);
  bytes.set(random.subarray(0, bytes.length));
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    words[i] = ((table[word >>> 16] ?? 0) << 16) | (word & 0xff_ff);
  }
  return bytes;
}
