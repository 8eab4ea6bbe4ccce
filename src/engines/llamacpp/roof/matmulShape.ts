/** What `matmul` multiplies its square matrix of weights with. */

/**
 * llama.cpp's default ubatch (common/common.h, v0.4.0). A prompt is multiplied so many tokens at a time, and so is the other
 * matrix: with thousands of vectors at once, which caches don't hold, some kernels come to half of the speed that a prompt
 * sees.
 */
const ubatch = 512;

/** The columns of the other matrix, as many as it has in all, by the operation that multiplies them. */
export function productInputs(columns: number): readonly number[] {
  const whole = Array.from({ length: Math.floor(columns / ubatch) }, () => ubatch);
  const rest = columns % ubatch;
  return rest === 0 ? whole : [...whole, rest];
}
