/** Tables that turn 16 random bits into a normally distributed float: the value at each of 65,536 equal quantiles. */
import { halfBits } from "./halfFloat.ts";

const quantiles = 2 ** 16;

export function gaussianHalves(deviation: number): Uint16Array {
  return Uint16Array.from({ length: quantiles }, (_, i) =>
    halfBits(deviation * standardQuantile((i + 0.5) / quantiles)),
  );
}

/** bf16 is the upper half of a float32; rounding to nearest can't overflow at these magnitudes. */
export function gaussianUpperHalves(deviation: number): Uint16Array {
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  return Uint16Array.from({ length: quantiles }, (_, i) => {
    float[0] = deviation * standardQuantile((i + 0.5) / quantiles);
    return ((bits[0] ?? 0) + 0x80_00) >>> 16;
  });
}

/**
 * Inverse of the standard normal distribution function to 4.5e-4 (Abramowitz and Stegun, Handbook of Mathematical
 * Functions, 26.2.23), which is far finer than weights need.
 */
export function standardQuantile(probability: number): number {
  const tail = Math.min(probability, 1 - probability);
  const t = Math.sqrt(-2 * Math.log(tail));
  const upper =
    t -
    (2.515517 + t * (0.802853 + t * 0.010328)) /
      (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
  return probability < 0.5 ? -upper : upper;
}
