/** Factors by which each of head_size / 2 frequencies of a rope is divided, stored in GGUF files as `rope_freqs.weight`. */
import type { ModelShape } from "./modelShape.ts";

type Scaling = NonNullable<ModelShape["rope"]["llama3_scaling"]>;

/** All 1 where the shape says nothing. */
export function shapeRopeFactors({
  head_size,
  rope: { freq_base, llama3_scaling, proportional },
}: Pick<ModelShape, "head_size" | "rope">): Float32Array {
  if (llama3_scaling) return ropeFactors(head_size, freq_base, llama3_scaling);
  return proportionalFactors(head_size, proportional ?? 1);
}

/** What a pair is divided by that isn't turned (Gemma4Model.generate_extra_tensors, llama.cpp's conversion/gemma.py). */
const still = 1e30;

function proportionalFactors(headSize: number, share: number): Float32Array {
  const turned = Math.floor((headSize * share) / 2);
  return Float32Array.from({ length: headSize / 2 }, (_, i) => (i < turned ? 1 : still));
}

/**
 * Llama 3.1's rope scaling: long wavelengths are stretched by `factor`, short ones kept, those between interpolated
 * (formula: Hugging Face transformers' modeling_rope_utils, and generate_extra_tensors in llama.cpp's conversion/llama.py).
 */
export function ropeFactors(headSize: number, freqBase: number, scaling: Scaling): Float32Array {
  const shortest = scaling.original_context / scaling.high_freq_factor;
  const longest = scaling.original_context / scaling.low_freq_factor;
  return Float32Array.from({ length: headSize / 2 }, (_, i) => {
    const wavelength = 2 * Math.PI * freqBase ** ((2 * i) / headSize);
    if (wavelength < shortest) return 1;
    if (wavelength > longest) return scaling.factor;
    const smooth =
      (scaling.original_context / wavelength - scaling.low_freq_factor) /
      (scaling.high_freq_factor - scaling.low_freq_factor);
    return 1 / ((1 - smooth) / scaling.factor + smooth);
  });
}
