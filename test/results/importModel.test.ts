import { describe, expect, it } from "vitest";
import { knownModels } from "../../src/models/knownModels.ts";
import { identify } from "../../src/results/importModel.ts";

const known = knownModels();
const told = (model_type: string, model_n_params: number, model_filename: string | null = null) =>
  identify({ model_type, model_n_params, model_filename }, known);

describe("a model that only a table tells", () => {
  it.each([
    ["qwen2 14B Q4_K - Medium", 14.2e9, "qwen2-14b", 48],
    ["starcoder2 15B Q4_K - Medium", 15.96e9, "starcoder2-15b", 40],
    ["granite 8B Q4_K - Medium", 8.17e9, "granite-8b", 40],
    ["cohere2 8B Q4_K - Medium", 8.03e9, "cohere2-8b", 32],
    ["llama 8B Q4_K - Medium", 8.05e9, "llama-8b", 36],
    ["grovemoe 30B.A3B Q4_K - Small", 33.26e9, "grovemoe-30b.a3b", 48],
    ["bitnet ?B TQ1_0 - 1.69 bpw ternary", 2.74e9, "bitnet-b", null],
  ])("%s of %d parameters is none of the catalogue's", (type, parameters, id, nLayers) => {
    const found = told(type, parameters);
    expect({ id: found.id.replaceAll(".", "-"), nLayers: found.nLayers }).toEqual({
      id: id.replaceAll(".", "-"),
      nLayers,
    });
  });

  it.each([
    ["qwen2 14B Q4_K - Medium", 14.77e9, "qwen2.5-14b"],
    ["qwen2 32B Q4_K - Medium", 32.76e9, "qwen2.5-32b"],
    ["qwen35moe 35B.A3B Q4_K - Small", 34.66e9, "qwen3.5-35b-a3b"],
    ["qwen3 14B Q4_K - Medium", 14.77e9, "qwen3-14b"],
    ["qwen3 32B Q4_K - Medium", 32.76e9, "qwen3-32b"],
    ["qwen3 8B Q4_K - Medium", 8.19e9, "qwen3-8b"],
    ["llama 8B Q4_K - Medium", 8.03e9, "llama-3.1-8b"],
    ["llama 7B Q4_0", 6.74e9, "llama-2-7b"],
    ["LLaMA 7B mostly Q4_0", 6.74e9, "llama-2-7b"],
    ["llama 13B Q4_K - Medium", 23.57e9, "mistral-small-24b"],
    ["qwen3moe 30B.A3B Q4_K - Medium", 30.53e9, "qwen3-30b-a3b"],
    ["gpt-oss 120B MXFP4 MoE", 116.83e9, "gpt-oss-120b"],
    ["gemma3 27B Q4_K - Medium", 27.01e9, "gemma-3-27b"],
  ])("%s of %d parameters is %s", (type, parameters, id) => {
    expect(told(type, parameters).id).toBe(id);
  });
});

describe("a file as hubs name it", () => {
  it.each([
    ["google_gemma-3-27b-it-Q4_K_M.gguf", "gemma3 27B Q4_K - Medium", 27_009_346_304],
    [
      "Meta-Llama-3.1-70B-Instruct-Q4_K_M-00001-of-00002.gguf",
      "llama 70B Q4_K - Medium",
      70_553_706_560,
    ],
    [
      "Qwen_Qwen3-30B-A3B-Instruct-2507-UD-Q4_K_XL.gguf",
      "qwen3moe 30B.A3B Q4_K - Medium",
      30_532_122_624,
    ],
    ["unsloth/Qwen3-14B-GGUF/Qwen3-14B-UD-Q4_K_XL.gguf", "qwen3 14B Q4_K - Medium", 14_768_307_200],
    ["gpt-oss-120b-mxfp4-00001-of-00003.gguf", "gpt-oss 120B MXFP4 MoE", 116_829_156_672],
    [
      "GLM-4.5-Air-UD-Q4_K_XL-00001-of-00002.gguf",
      "glm4moe 106B.A12B Q4_K - Medium",
      110_468_824_832,
    ],
  ])("%s is the catalogue's model", (file, type, parameters) => {
    expect(known.map(({ id }) => id)).toContain(told(type, parameters, `/m/${file}`).id);
  });

  it("keeps an identity of its own where llama.cpp says that it is something else", () => {
    expect(told("qwen2 14B Q4_K - Medium", 14_770_033_664, "Qwen3-14B-Q4_K_M.gguf").id).toBe(
      "qwen3-14b-file",
    );
    expect(
      told("qwen2 14B Q4_K - Medium", 14_770_033_664, "Qwen2.5-14B-Instruct-Q4_K_M.gguf"),
    ).toEqual({ id: "qwen2.5-14b", nLayers: 48 });
    expect(told("cohere2 8B Q4_K - Medium", 8_027_611_136, "aya-llama-3.1-8b.gguf").id).toBe(
      "aya-llama-3.1-8b",
    );
  });

  it("of a fork keeps its name where the family isn't in it", () => {
    expect(
      told("qwen3moe 30B.A3B Q4_K - Medium", 30_532_122_624, "Qwen3-Coder-30B-A3B.gguf"),
    ).toEqual({
      id: "qwen3-coder-30b-a3b",
      nLayers: 48,
    });
  });
});
