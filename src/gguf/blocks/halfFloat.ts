/** IEEE 754 half-precision bit patterns: the scales in ggml's blocks. */

/** The smallest positive normal number, 2^-14. Scales stay above it: some devices treat smaller ones as zero. */
const smallestNormalHalf = 2 ** -14;

/** Bits of the nearest half, ties to even; magnitudes beyond the normal range become the nearest normal number. */
export function halfBits(value: number): number {
  const magnitude = Math.min(Math.max(Math.abs(value), smallestNormalHalf), 65_504);
  let exponent = Math.floor(Math.log2(magnitude));
  let mantissa = roundToEven((magnitude / 2 ** exponent - 1) * 1024);
  if (mantissa === 1024) {
    mantissa = 0;
    exponent += 1;
  }
  return (value < 0 ? 0x80_00 : 0) | ((exponent + 15) << 10) | mantissa;
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Value of a normal half's bits. */
export function halfValue(bits: number): number {
  const magnitude = 2 ** (((bits >> 10) & 0x1f) - 15) * (1 + (bits & 0x3_ff) / 1024);
  return bits & 0x80_00 ? -magnitude : magnitude;
}
