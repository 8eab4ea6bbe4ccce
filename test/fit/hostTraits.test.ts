import { describe, expect, it } from "vitest";
import { hostTraits } from "../../src/fit/hostTraits.ts";
import type { GgmlTypeName } from "../../src/gguf/ggmlTypes.ts";

function repacks(systemInfo: string, type: GgmlTypeName, dims = [256, 64]): boolean {
  return hostTraits(systemInfo).repacks({ type, dims });
}

const avx2 = "CPU : AVX = 1 | AVX2 = 1 | FMA = 1 | REPACK = 1 |";
const neon = "CPU : NEON = 1 | ARM_FMA = 1 | DOTPROD = 1 | REPACK = 1 |";

describe("what the CPU backend repacks", () => {
  it.each<[string, string, GgmlTypeName, boolean]>([
    ["AVX2", avx2, "q4_0", true],
    ["AVX2", avx2, "q4_K", true],
    ["AVX2", avx2, "q6_K", false],
    ["AVX2", avx2, "q8_0", false],
    ["NEON", neon, "q8_0", true],
    ["NEON", neon, "q6_K", true],
    ["NEON", neon, "f16", false],
    ["AVX alone", "CPU : AVX = 1 | REPACK = 1 |", "q4_0", false],
    ["a build without it", "CPU : AVX2 = 1 |", "q4_0", false],
    ["AMX", "CPU : AVX2 = 1 | AMX_INT8 = 1 | REPACK = 1 |", "q6_K", true],
  ])("with %s (%s): %s", (_, systemInfo, type, expected) => {
    expect(repacks(systemInfo, type)).toBe(expected);
  });

  it("comes in whole groups of rows", () => {
    expect(repacks(avx2, "q4_0", [256, 60])).toBe(false);
    expect(repacks(neon, "q4_0", [256, 60])).toBe(true);
  });

  it("is matrices and stacks of them, as experts are, but not for AMX", () => {
    expect(repacks(avx2, "q4_0", [256])).toBe(false);
    expect(repacks(avx2, "q4_0", [256, 64, 8])).toBe(true);
    const withAmx = `${avx2} AMX_INT8 = 1 |`;
    expect(repacks(withAmx, "q8_0", [256, 64])).toBe(true);
    expect(repacks(withAmx, "q8_0", [256, 64, 8])).toBe(false);
  });
});

it("one processor has one answer, so that sizes can be kept by it", () => {
  expect(hostTraits(avx2)).toBe(hostTraits(avx2));
});
