/** Random bytes to draw weights from: AES-128 in counter mode, the same for the same key on every machine. */
import { createCipheriv } from "node:crypto";

/**
 * The first prime above 64 MiB. Weights taken from the pool in turn repeat no sooner than that, and at another place in
 * their block: a benchmark's weights must not fit a cache twice.
 */
export const poolBytes = 67_108_879;

/** At most `needed` bytes, for a small file: never more than `poolBytes`. */
export function randomPool(key: Uint8Array, needed: number): Uint8Array {
  const zeros = Buffer.alloc(Math.min(needed, poolBytes));
  return createCipheriv("aes-128-ctr", key.subarray(0, 16), Buffer.alloc(16)).update(zeros);
}
