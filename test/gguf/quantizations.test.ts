import { expect, test } from "vitest";
import {
  isQuantization,
  quantizationByFileType,
  quantizationNames,
  quantizations,
} from "../../src/gguf/quantizations.ts";

test("every quantization is found by its file type, also where llama.cpp guessed it", () => {
  for (const name of quantizationNames) {
    expect(quantizationByFileType(quantizations[name].fileType)).toBe(name);
    expect(quantizationByFileType(quantizations[name].fileType + 1024)).toBe(name);
  }
  expect(quantizationByFileType(36)).toBeUndefined();
});

test("names are lower case and nothing of Object's is one", () => {
  for (const name of quantizationNames) expect(name).toBe(name.toLowerCase());
  expect(isQuantization("q4_k_m")).toBe(true);
  expect(isQuantization("toString")).toBe(false);
});
