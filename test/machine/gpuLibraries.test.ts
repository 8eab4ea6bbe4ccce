import { describe, expect, it } from "vitest";
import { gpuLibraryProblems, missingLibraries } from "../../src/machine/gpuLibraries.ts";

describe("what a GPU build lacks", () => {
  it("is what the dynamic linker doesn't find, llama.cpp's own libraries apart", () => {
    const output = `
	linux-vdso.so.1 (0x00007ffd5b5f2000)
	libggml-base.so => not found
	libcudart.so.13 => not found
	libcuda.so.1 => not found
	libstdc++.so.6 => /lib/x86_64-linux-gnu/libstdc++.so.6 (0x00007f2a1c000000)
`;
    expect(missingLibraries(output)).toEqual(["libcudart.so.13", "libcuda.so.1"]);
  });

  it("is nothing where ldd says nothing", () => {
    expect(missingLibraries("")).toEqual([]);
  });

  it("is asked of this machine's linker, a line for each backend at most", async () => {
    const problems = await gpuLibraryProblems();
    const backends = problems.map(({ backend }) => backend);
    expect(new Set(backends).size).toBe(backends.length);
    for (const { message } of problems) expect(message).toMatch(/missing|is not installed/);
  });
});
