/** Sizes of memory as they are sold, told from the smaller ones that systems report. */

const gib = 2 ** 30;

/** GiB of GPU and main memory on sale, those that lie between powers of two included. */
const soldGib = [
  1, 2, 3, 4, 6, 8, 10, 11, 12, 16, 18, 20, 22, 24, 32, 36, 40, 48, 64, 72, 80, 96, 128, 141, 160,
  180, 192, 256, 288, 384, 512, 768, 1024, 1536, 2048,
] as const;

/**
 * Drivers, firmware and error correction keep up to a twelfth: a 24 GB card reports 23.65 GiB, a 48 GB card
 * with ECC 44.4, a PC of 16 GB 15.4.
 */
const keptBackShare = 1 / 12;

/** The size on the box, in GiB: 24 for 23.65 GiB. A size that isn't sold is rounded up. */
export function soldMemoryGib(bytes: number): number {
  const reported = bytes / gib;
  const sold = soldGib.find((size) => size >= reported && size * (1 - keptBackShare) <= reported);
  return sold ?? Math.max(1, Math.ceil(reported));
}
