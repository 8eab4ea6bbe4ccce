import { describe, expect, it } from "vitest";
import { bareName, fileStem, kebabCase } from "../../src/gguf/publishedName.ts";

describe("a published name", () => {
  it.each([
    ["google_gemma-3-27b-it-Q4_K_M.gguf", "gemma 3 27b"],
    ["Qwen_Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL.gguf", "qwen3 30b a3b"],
    ["unsloth/Llama-3.3-70B-Instruct-GGUF/Llama-3.3-70B-Instruct-IQ2_XXS.gguf", "llama 3.3 70b"],
    ["Meta-Llama-3.1-70B-Instruct-Q4_K_M-00001-of-00002.gguf", "llama 3.1 70b"],
    ["C:\\models\\Llama-3_1-8B.i1-Q4_K_S.gguf", "llama 3.1 8b"],
    ["gpt-oss-120b-mxfp4-00001-of-00003.gguf", "gpt oss 120b"],
    ["gpt-oss-20b-MXFP4_MOE.gguf", "gpt oss 20b"],
    ["mistral-7b-v0.3.Q8_0.gguf", "mistral 7b"],
  ])("%s comes down to %s", (path, expected) => {
    expect(bareName(fileStem(path))).toBe(expected);
  });

  it("of another model keeps what tells it apart", () => {
    expect(bareName("Qwen3-Coder-30B-A3B-Instruct")).toBe("qwen3 coder 30b a3b");
    expect(bareName("LLaMA v2")).toBe("llama v2");
    expect(kebabCase("Qwen2.5 14B_Instruct")).toBe("qwen2.5-14b-instruct");
  });
});
