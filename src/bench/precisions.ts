/** Number formats that frameworks compute in, the most precise first. */

/**
 * `f16` keeps weights in f32 and scales the loss, as it is trained with; `f16-pure` casts the weights themselves. `tf32` are
 * f32 matrices that NVIDIA's tensor cores multiply with 10 bits of mantissa.
 */
export const precisions = ["f32", "tf32", "bf16", "f16", "f16-pure"] as const;
export type Precision = (typeof precisions)[number];

export function isPrecision(name: string | undefined): name is Precision {
  return precisions.some((one) => one === name);
}
