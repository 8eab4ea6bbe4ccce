/**
 * ggml's tensor types under ggml's own names, as they stand in GGUF files
 * (enum ggml_type in ggml/include/ggml.h, type_traits in ggml/src/ggml.c, structs in ggml/src/ggml-common.h; v0.4.0).
 */

interface GgmlType {
  /** Number in the file. */
  readonly id: number;
  /** Elements per block: a row's length is a multiple of it. */
  readonly blockSize: number;
  readonly blockBytes: number;
}

const type = (id: number, blockSize: number, blockBytes: number): GgmlType => ({
  id,
  blockSize,
  blockBytes,
});

export const ggmlTypes = {
  f32: type(0, 1, 4),
  f16: type(1, 1, 2),
  q4_0: type(2, 32, 18),
  q4_1: type(3, 32, 20),
  q5_0: type(6, 32, 22),
  q5_1: type(7, 32, 24),
  q8_0: type(8, 32, 34),
  q8_1: type(9, 32, 36),
  q2_K: type(10, 256, 84),
  q3_K: type(11, 256, 110),
  q4_K: type(12, 256, 144),
  q5_K: type(13, 256, 176),
  q6_K: type(14, 256, 210),
  q8_K: type(15, 256, 292),
  iq2_xxs: type(16, 256, 66),
  iq2_xs: type(17, 256, 74),
  iq3_xxs: type(18, 256, 98),
  iq1_s: type(19, 256, 50),
  iq4_nl: type(20, 32, 18),
  iq3_s: type(21, 256, 110),
  iq2_s: type(22, 256, 82),
  iq4_xs: type(23, 256, 136),
  i8: type(24, 1, 1),
  i16: type(25, 1, 2),
  i32: type(26, 1, 4),
  i64: type(27, 1, 8),
  f64: type(28, 1, 8),
  iq1_m: type(29, 256, 56),
  bf16: type(30, 1, 2),
  tq1_0: type(34, 256, 54),
  tq2_0: type(35, 256, 66),
  mxfp4: type(39, 32, 17),
  nvfp4: type(40, 64, 36),
  q1_0: type(41, 128, 18),
  q2_0: type(42, 64, 18),
} as const satisfies Record<string, GgmlType>;

export type GgmlTypeName = keyof typeof ggmlTypes;

export const ggmlTypeNames = Object.keys(ggmlTypes) as readonly GgmlTypeName[];

/** Types that matrices of weights have: all that llama.cpp multiplies with. The others are for counting, and for activations. */
export const matrixTypes = [
  "f32",
  "f16",
  "bf16",
  "q8_0",
  "q6_K",
  "q5_K",
  "q5_1",
  "q5_0",
  "q4_K",
  "q4_1",
  "q4_0",
  "q3_K",
  "q2_K",
  "q2_0",
  "q1_0",
  "iq4_nl",
  "iq4_xs",
  "iq3_s",
  "iq3_xxs",
  "iq2_s",
  "iq2_xs",
  "iq2_xxs",
  "iq1_m",
  "iq1_s",
  "tq2_0",
  "tq1_0",
  "mxfp4",
  "nvfp4",
] as const satisfies readonly GgmlTypeName[];

/** In any case of letters: llmbench's own names are lower case. */
export function matrixTypeNamed(name: string): (typeof matrixTypes)[number] | undefined {
  const lower = name.toLowerCase();
  return matrixTypes.find((known) => known.toLowerCase() === lower);
}

const namesById = new Map(ggmlTypeNames.map((name) => [ggmlTypes[name].id, name]));

export function ggmlTypeById(id: number): GgmlTypeName | undefined {
  return namesById.get(id);
}

export function isGgmlTypeName(name: string): name is GgmlTypeName {
  return Object.hasOwn(ggmlTypes, name);
}

/** Elements of a tensor with these dimensions. */
export function elementsOf(dims: readonly number[]): number {
  let elements = 1;
  for (let dim = 0; dim < dims.length; dim++) elements *= dims[dim] ?? 1;
  return elements;
}

/** Bytes of a tensor's data. `dims[0]` is the row and must be a multiple of the block size. */
export function bytesOf(name: GgmlTypeName, dims: readonly number[]): number {
  const { blockSize, blockBytes } = ggmlTypes[name];
  return (elementsOf(dims) / blockSize) * blockBytes;
}
