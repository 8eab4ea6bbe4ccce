import { expect, test } from "vitest";
import { ropeFactors } from "../../src/gguf/ropeFactors.ts";
import { llama32_1b } from "./shapes.ts";

test("short wavelengths are kept, long ones stretched, those between blended", () => {
  const { freq_base, llama3_scaling } = llama32_1b.rope;
  if (!llama3_scaling) throw new Error("the shape has rope scaling");
  const factors = [...ropeFactors(llama32_1b.head_size, freq_base, llama3_scaling)];
  expect(factors).toHaveLength(32);
  expect(factors.slice(0, 15)).toEqual(Array.from({ length: 15 }, () => 1));
  expect(factors.slice(18)).toEqual(Array.from({ length: 14 }, () => 32));
  expect(factors).toEqual(factors.toSorted((a, b) => a - b));
  // Wavelength 2π·500000^(30/64) = 2948: smooth = (8192/2948 - 1)/3.
  expect(factors[15]).toBeCloseTo(1 / ((1 - 0.5929) / 32 + 0.5929), 2);
});
