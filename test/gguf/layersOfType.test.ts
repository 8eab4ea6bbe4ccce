import { describe, expect, it } from "vitest";
import { layersOfType } from "../../src/gguf/layersOfType.ts";

describe("llama.cpp's name of a model's size", () => {
  it.each([
    ["qwen2", "14B", 14.77e9, 48],
    ["qwen2", "32B", 32.76e9, 64],
    ["llama", "8x7B", 46.7e9, 32],
    ["llama", "70B", 70.55e9, 80],
    ["LLaMA", "7B", 6.74e9, 32],
    ["cohere2", "8B", 8.03e9, 32],
    ["qwen3moe", "30B.A3B", 30.53e9, 48],
    ["gemma3", "27B", 27.01e9, 62],
    ["llama4", "17Bx16E", 107.77e9, 48],
  ])("%s %s tells its layers", (architecture, size, parameters, expected) => {
    expect(layersOfType(architecture, size, parameters)).toBe(expected);
  });

  it.each([
    ["qwen2", "7B", 7.62e9, 28],
    ["qwen2", "7B", 7_721_324_544, 32],
    ["llama", "1B", 1.24e9, 16],
    ["llama", "8B", 8_030_261_312, 32],
    ["llama", "8B", 8.05e9, 36],
    ["granite", "8B", 8.17e9, 40],
  ])("%s %s is told apart by its parameters (%d)", (architecture, size, parameters, expected) => {
    expect(layersOfType(architecture, size, parameters)).toBe(expected);
  });

  it("tells nothing where it is nobody's, or several models'", () => {
    expect(layersOfType("qwen2", "7B", null)).toBeNull();
    expect(layersOfType("qwen2", "7B", 7.1e9)).toBeNull();
    expect(layersOfType("qwen2", "?B", 14.77e9)).toBeNull();
    expect(layersOfType("nobody", "7B", 7e9)).toBeNull();
    expect(layersOfType("constructor", "", 7e9)).toBeNull();
  });
});
