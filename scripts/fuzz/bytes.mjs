// @ts-check
// Damage to bytes, whatever they mean.
import { numbers } from "./hostile.mjs";

/** @typedef {import("../random.mjs").Random} Random */
/** @typedef {(bytes: Buffer, random: Random) => Buffer} Damage */

/** @type {Damage} */
function flipBits(bytes, random) {
  const damaged = Buffer.from(bytes);
  for (let count = 1 + random.below(8); count > 0; count--) {
    const at = random.below(damaged.length);
    damaged[at] = /** @type {number} */ (damaged[at]) ^ (1 << random.below(8));
  }
  return damaged;
}

/** @type {Damage} */
function cut(bytes, random) {
  return bytes.subarray(0, random.below(bytes.length));
}

/** @type {Damage} */
function drop(bytes, random) {
  const at = random.below(bytes.length);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64))]);
}

/** @type {Damage} */
function repeat(bytes, random) {
  const at = random.below(bytes.length);
  const piece = bytes.subarray(at, at + 1 + random.below(256));
  const pieces = Array.from({ length: 1 + random.below(64) }, () => piece);
  return Buffer.concat([bytes.subarray(0, at), ...pieces, bytes.subarray(at)]);
}

/** @type {Damage} */
function noise(bytes, random) {
  const at = random.below(bytes.length);
  const piece = Buffer.from(Array.from({ length: 1 + random.below(64) }, () => random.below(256)));
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + piece.length)]);
}

/** @type {Damage} */
function putNumber(bytes, random) {
  return putNumberAt(bytes, random.below(bytes.length), random);
}

/**
 * @param {Buffer} bytes
 * @param {number} at
 * @param {Random} random
 */
export function putNumberAt(bytes, at, random) {
  const damaged = Buffer.concat([bytes, Buffer.alloc(8)]);
  damaged.writeBigUInt64LE(random.pick(numbers), at);
  return damaged.subarray(0, bytes.length);
}

const damages = [flipBits, cut, drop, repeat, noise, putNumber];

/** @type {Damage} */
export function damageBytes(bytes, random) {
  return bytes.length === 0 ? bytes : random.pick(damages)(bytes, random);
}
