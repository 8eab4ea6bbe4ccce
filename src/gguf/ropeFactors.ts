/**
 * Llama 3.1's rope scaling: the factor by which each of head_size / 2 frequencies is divided, stored in GGUF files as
 * `rope_freqs.weight`. Long wavelengths are stretched by `factor`, short ones kept, those between interpolated
 * (formula: Hugging Face transformers' modeling_rope_utils, and generate_extra_tensors in llama.cpp's conversion/llama.py).
 */
import type { ModelShape } from "./modelShape.ts";

type Scaling = NonNullable<ModelShape["rope"]["llama3_scaling"]>;

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
