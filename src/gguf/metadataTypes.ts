/** The value types of GGUF metadata (enum gguf_type, ggml/include/gguf.h, llama.cpp v0.4.0). */

interface ScalarType {
  readonly id: number;
  readonly bytes: number;
}

const scalar = (id: number, bytes: number): ScalarType => ({ id, bytes });

export const scalarTypes = {
  u8: scalar(0, 1),
  i8: scalar(1, 1),
  u16: scalar(2, 2),
  i16: scalar(3, 2),
  u32: scalar(4, 4),
  i32: scalar(5, 4),
  f32: scalar(6, 4),
  bool: scalar(7, 1),
  u64: scalar(10, 8),
  i64: scalar(11, 8),
  f64: scalar(12, 8),
} as const satisfies Record<string, ScalarType>;

export type ScalarTypeName = keyof typeof scalarTypes;

export const stringTypeId = 8;
export const arrayTypeId = 9;

const scalarNames = Object.keys(scalarTypes) as readonly ScalarTypeName[];
const scalarsById = new Map(scalarNames.map((name) => [scalarTypes[name].id, name]));

export function scalarTypeById(id: number): ScalarTypeName | undefined {
  return scalarsById.get(id);
}

/** The four bytes that a GGUF file begins with, read as a little-endian number, and the version that llmbench writes. */
export const magic = 0x46_55_47_47;
export const currentVersion = 3;
