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
    expected: "TYPE or SIZE:TYPE, as f16 or 8192:q4_0",
    mismatchOf(value) {
      const parts = partsOf(value);
      if (parts === null) return undefined;
      if (sizeIn(parts.size) === undefined)
        return {
          expected: `a size that is a multiple of ${sizeStep} up to ${largestSize}`,
          got: parts.size,
        };
      // A number alone is no misspelt type.
      if (/^\d+$/.test(parts.type)) return undefined;
      return { expected: `a type, ${types.expected}`, got: parts.type, choices: typeNames };
    },
    argument: "[SIZE:]TYPE",
    choices: typeNames,
    commaSeparates: true,
    json: { type: "string", pattern: "^\\s*(\\d+:)?[A-Za-z0-9_-]+\\s*$" },
    read(value) {
      const parts = partsOf(value);
      const size = sizeIn(parts?.size ?? "");
      const [type] = types.read(parts?.type ?? "") ?? [];
      return size !== undefined && type !== undefined ? [{ size, type }] : undefined;
    },
  };
}

/** Null of what is no text. */
function partsOf(value: unknown): Readonly<Record<"size" | "type", string>> | null {
  if (typeof value !== "string" || value.trim() === "") return null;
  const [, size = String(usualSize), type = ""] = /^(?:([^:]*):)?(.*)$/su.exec(value.trim()) ?? [];
  return { size, type };
}

function sizeIn(text: string): number | undefined {
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  return size > 0 && size <= largestSize && size % sizeStep === 0 ? size : undefined;
}
