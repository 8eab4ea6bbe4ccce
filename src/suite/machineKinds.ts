/** Kinds of value that tests of the machine alone have. */
import type { ValueKind } from "../flags/valueKinds.ts";
import { word } from "../flags/valueKinds.ts";
import { matrixTypes } from "../gguf/ggmlTypes.ts";

const typeNames = matrixTypes.map((name) => name.toLowerCase());

/** A type of ggml's that matrices of weights have, in lower case. */
export function matrixType(): ValueKind<string> {
  return { ...word(typeNames), argument: "TYPE" };
}

export interface MatmulSize {
  readonly size: number;
  readonly type: string;
}

/** Large enough for every device that is sold. */
const usualSize = 4096;

/** Rows of blocks are whole, of all types (QK_K, ggml/src/ggml-common.h, llama.cpp v0.4.0). */
const sizeStep = 256;

/** Three matrices of floats take 12 GiB. */
const largestSize = 32_768;

/** `4096:f16`; a type alone is at the usual size. */
export function matmulSize(): ValueKind<MatmulSize> {
  const types = matrixType();
  return {
    expected: `TYPE or SIZE:TYPE, as f16 or 8192:q4_0, where SIZE is a multiple of ${sizeStep} up to ${largestSize} and TYPE ${types.expected}`,
    argument: "[SIZE:]TYPE",
    choices: typeNames,
    commaSeparates: true,
    json: { type: "string", pattern: "^\\s*(\\d+:)?[A-Za-z0-9_]+\\s*$" },
    read(value) {
      const text = typeof value === "string" ? value.trim() : "";
      const [, digits = String(usualSize), name = ""] = /^(?:(\d+):)?(\w+)$/.exec(text) ?? [];
      const size = Number(digits);
      const isSize = size > 0 && size <= largestSize && size % sizeStep === 0;
      const type = types.read(name)?.[0];
      return isSize && type !== undefined ? [{ size, type }] : undefined;
    },
  };
}
