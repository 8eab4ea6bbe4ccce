import { describe, expect, it } from "vitest";
import { ValueMismatch } from "../../src/flags/flag.ts";
import {
  allFlagNames,
  flagKeyByName,
  flagKeys,
  flagOf,
  flags,
  type FlagKey,
} from "../../src/suite/flags.ts";

function parseFlag(key: FlagKey, texts: readonly string[]): unknown {
  return flagOf(key).read(texts);
}

describe("whole numbers", () => {
  it.each([
    ["512", [512]],
    ["128,256", [128, 256]],
    ["1-4", [1, 2, 3, 4]],
    ["128-512*2", [128, 256, 512]],
    ["0-32+8", [0, 8, 16, 24, 32]],
    ["0-30+8", [0, 8, 16, 24]],
    ["1-2,8", [1, 2, 8]],
    ["64,64", [64]],
    [" 64 , 128 ", [64, 128]],
  ])("%s means what llama-bench makes of it", (text, values) => {
    expect(parseFlag("nPrompt", [text])).toEqual(values);
  });

  it.each([
    "",
    "a",
    "-1",
    "1.5",
    "1-",
    "4-1",
    "0-8*2",
    "1-8*1",
    "1-8+0",
    "5,",
    "1-99999999",
    "3000000000",
  ])("%j is refused, with what was expected and what came", (text) => {
    expect(() => parseFlag("nPrompt", [text])).toThrow(
      /^expected a whole number from 0, or a range .*, got "/,
    );
  });

  it("are capped where llama.cpp caps them", () => {
    expect(() => parseFlag("nThreads", ["0"])).toThrow(/from 1 to 512/);
    expect(() => parseFlag("nThreads", ["513"])).toThrow(/from 1 to 512/);
  });
});

describe("words", () => {
  it("are taken in any case and listed where they are wrong", () => {
    expect(parseFlag("quantizations", ["Q4_0,q4_k_M"])).toEqual(["q4_0", "q4_k_m"]);
    expect(parseFlag("quantizations", ["q4km,Q5-K-S,iq2xxs,q3_k,fp16"])).toEqual([
      "q4_k_m",
      "q5_k_s",
      "iq2_xxs",
      "q3_k_m",
      "f16",
    ]);
    expect(() => parseFlag("quantizations", ["q4_z"])).toThrow(
      /^expected one of .*q4_0.*, got "q4_z" \(did you mean q4_\w+\?\)$/,
    );
  });

  it("of flash attention include llama-bench's numbers", () => {
    expect(parseFlag("flashAttn", ["1,0,-1"])).toEqual(["on", "off", "auto"]);
  });

  it("of layers on the device: -1 is max", () => {
    expect(parseFlag("gpuLayers", ["auto,max,-1,0-16+8"])).toEqual(["auto", "max", 0, 8, 16]);
    expect(() => parseFlag("gpuLayers", ["-2"])).toThrow(/expected auto, max, a number of layers/);
  });

  it("of a switched value are llama.cpp's", () => {
    expect(parseFlag("noKvOffload", ["0,1"])).toEqual([false, true]);
  });
});

describe("other values", () => {
  it("pairs repeat and keep their comma", () => {
    expect(parseFlag("pg", ["512,128", "64,16"])).toEqual([
      { nPrompt: 512, nGen: 128 },
      { nPrompt: 64, nGen: 16 },
    ]);
    expect(() => parseFlag("pg", ["512"])).toThrow(/such as 512,128, got "512"/);
  });

  it("proportions are split as llama-bench splits them", () => {
    expect(parseFlag("tensorSplit", ["3/1,1;1"])).toEqual([
      [3, 1],
      [1, 1],
    ]);
    expect(() => parseFlag("tensorSplit", ["3/x"])).toThrow(/such as 3\/1/);
  });

  it("devices are lists of names, and a comma begins another", () => {
    expect(parseFlag("devices", ["CUDA0/CUDA1,none,auto", "MTL0"])).toEqual([
      ["CUDA0", "CUDA1"],
      [],
      "auto",
      ["MTL0"],
    ]);
    expect(() => parseFlag("devices", ["CUDA0//CUDA1"])).toThrow(/such as CUDA0\/CUDA1/);
  });

  it("tensors are placed by patterns; an empty list between commas places none", () => {
    expect(parseFlag("tensorOverrides", ["ffn_.*=CPU;output=CUDA0,,none", "a=b=c"])).toEqual([
      [
        { pattern: "ffn_.*", buffer: "CPU" },
        { pattern: "output", buffer: "CUDA0" },
      ],
      [],
      [{ pattern: "a", buffer: "b=c" }],
    ]);
    for (const wrong of ["exps", "=CPU", "exps=", "(=CPU", "a=CPU;"])
      expect(() => parseFlag("tensorOverrides", [wrong])).toThrow(/^expected PATTERN=BUFFER/);
  });

  it("a mask of processors is hexadecimal, however it is written", () => {
    expect(parseFlag("cpuMask", ["0x0F,f,0x00"])).toEqual(["0xf", "0x0"]);
    for (const wrong of ["0xg", "", "0x", "f".repeat(129)])
      expect(() => parseFlag("cpuMask", [wrong])).toThrow(/^expected a mask of processors/);
  });

  it("priorities are llama.cpp's, from low to real time", () => {
    expect(parseFlag("priority", ["-1,3"])).toEqual([-1, 3]);
    expect(() => parseFlag("priority", ["4"])).toThrow(/^expected one of -1, 0, 1, 2, 3/);
  });

  it("bytes and times take units", () => {
    expect(parseFlag("gpuBudgetBytes", ["24GiB"])).toBe(24 * 2 ** 30);
    expect(parseFlag("timeoutSeconds", ["30m"])).toBe(1800);
    expect(() => parseFlag("gpuBudgetBytes", ["24G"])).toThrow(
      /24GiB \(2\^30\) or 24GB \(10\^9\), got "24G"/,
    );
  });

  it("a single value given twice is an error", () => {
    expect(() => parseFlag("repetitions", ["3", "5"])).toThrow(
      /expected one value, got 2: "3", "5"/,
    );
  });

  it("a mismatch has a class of its own, for its place to be put before it", () => {
    expect(() => parseFlag("device", ["cdua"])).toThrow(ValueMismatch);
    expect(() => parseFlag("device", ["cdua"])).toThrow(/did you mean cuda\?/);
  });
});

describe("names", () => {
  it("are unique over all flags", () => {
    expect(new Set(allFlagNames).size).toBe(
      flagKeys.reduce((count, key) => count + 1 + flagOf(key).aliases.length, 0),
    );
  });

  it("are found with llama-bench's underscores too", () => {
    expect(flagKeyByName("n_gpu_layers")).toBe("gpuLayers");
    expect(flagKeyByName("n-gpu-layer")).toBeUndefined();
  });

  it("defaults are llama-bench's", () => {
    const { nPrompt, nGen, nDepth, nBatch, nUbatch, typeK, typeV, repetitions, splitMode } = flags;
    expect([nPrompt, nGen, nDepth, nBatch, nUbatch].map(({ initial }) => initial)).toEqual([
      [512],
      [128],
      [0],
      [2048],
      [512],
    ]);
    expect([typeK.initial, typeV.initial, splitMode.initial]).toEqual([
      ["f16"],
      ["f16"],
      ["layer"],
    ]);
    expect(repetitions.initial).toBe(5);
  });
});
