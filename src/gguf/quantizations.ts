/**
 * The quantizations that llmbench writes and names, in llmbench's lower case, with llama.cpp's number of the file type
 * (enum llama_ftype, include/llama.h) and the label that its log and llama-bench print (llama_ftype_name,
 * src/llama-model-loader.cpp; v0.4.0). Ordered by bits per weight of Llama 2 70B, smallest first.
 */
import { squeezed } from "../base/squeezed.ts";

interface QuantizationFacts {
  readonly fileType: number;
  readonly label: string;
}

const facts = (fileType: number, label: string): QuantizationFacts => ({ fileType, label });

export const quantizations = {
  iq1_s: facts(24, "IQ1_S - 1.5625 bpw"),
  iq1_m: facts(31, "IQ1_M - 1.75 bpw"),
  iq2_xxs: facts(19, "IQ2_XXS - 2.0625 bpw"),
  iq2_xs: facts(20, "IQ2_XS - 2.3125 bpw"),
  iq2_s: facts(28, "IQ2_S - 2.5 bpw"),
  iq2_m: facts(29, "IQ2_M - 2.7 bpw"),
  q2_k_s: facts(21, "Q2_K - Small"),
  q2_k: facts(10, "Q2_K - Medium"),
  iq3_xxs: facts(23, "IQ3_XXS - 3.0625 bpw"),
  iq3_xs: facts(22, "IQ3_XS - 3.3 bpw"),
  iq3_s: facts(26, "IQ3_S - 3.4375 bpw"),
  q3_k_s: facts(11, "Q3_K - Small"),
  iq3_m: facts(27, "IQ3_S mix - 3.66 bpw"),
  q3_k_m: facts(12, "Q3_K - Medium"),
  q3_k_l: facts(13, "Q3_K - Large"),
  iq4_xs: facts(30, "IQ4_XS - 4.25 bpw"),
  q4_0: facts(2, "Q4_0"),
  iq4_nl: facts(25, "IQ4_NL - 4.5 bpw"),
  q4_k_s: facts(14, "Q4_K - Small"),
  q4_k_m: facts(15, "Q4_K - Medium"),
  q4_1: facts(3, "Q4_1"),
  q5_0: facts(8, "Q5_0"),
  q5_k_s: facts(16, "Q5_K - Small"),
  q5_k_m: facts(17, "Q5_K - Medium"),
  q5_1: facts(9, "Q5_1"),
  q6_k: facts(18, "Q6_K"),
  // Experts at 4.25 bits, all else Q8_0: what a dense model has only of.
  mxfp4_moe: facts(38, "MXFP4 MoE"),
  q8_0: facts(7, "Q8_0"),
  f16: facts(1, "F16"),
  bf16: facts(32, "BF16"),
  f32: facts(0, "all F32"),
} as const satisfies Record<string, QuantizationFacts>;

export type Quantization = keyof typeof quantizations;

/** Smallest first. */
export const quantizationNames = Object.keys(quantizations) as readonly Quantization[];

/** Other names that people type: llama.cpp's own (tools/quantize/quantize.cpp), and those of the hubs. */
export const quantizationSynonyms = {
  q3_k: "q3_k_m",
  q4_k: "q4_k_m",
  q5_k: "q5_k_m",
  mxfp4: "mxfp4_moe",
  fp16: "f16",
  fp32: "f32",
} as const satisfies Readonly<Record<string, Quantization>>;

const byFileType = new Map(quantizationNames.map((name) => [quantizations[name].fileType, name]));

/** Bit that marks a file type that llama.cpp guessed from the tensors (LLAMA_FTYPE_GUESSED). */
const guessed = 1024;

/** llmbench's name of a file's `general.file_type`; undefined for types that llmbench doesn't write. */
export function quantizationByFileType(fileType: number): Quantization | undefined {
  return byFileType.get(fileType & ~guessed);
}

const byTypedName = new Map<string, Quantization>([
  ...quantizationNames.map((name) => [squeezed(name), name] as const),
  ...Object.entries(quantizationSynonyms).map(([typed, name]) => [squeezed(typed), name] as const),
]);

/** What people type: `q4km`, `Q4-K-M`, `q4_k`; undefined for what llmbench doesn't write. */
export function typedQuantization(typed: string): Quantization | undefined {
  return byTypedName.get(squeezed(typed));
}

export function isQuantization(name: string): name is Quantization {
  return Object.hasOwn(quantizations, name);
}
