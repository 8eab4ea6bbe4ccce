import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  activeParameterCount,
  checkpointParameters,
  parameterCount,
} from "../../src/gguf/tensorTable.ts";
import { catalogue, readCatalogue } from "../../src/models/catalogue.ts";

describe("the catalogue", () => {
  it("holds the models of the contract, by family and size", () => {
    expect(catalogue().models.map(({ id }) => id)).toEqual([
      "deepseek-v3",
      "deepseek-v3.2",
      "deepseek-v4-flash",
      "devstral-2-123b",
      "devstral-small-2-24b",
      "gemma-3-4b",
      "gemma-3-12b",
      "gemma-3-27b",
      "gemma-4-12b",
      "gemma-4-26b-a4b",
      "gemma-4-31b",
      "gemma-4-e2b",
      "gemma-4-e4b",
      "glm-4.5-air",
      "glm-4.7",
      "glm-4.7-flash",
      "glm-5",
      "glm-5.2",
      "gpt-oss-20b",
      "gpt-oss-120b",
      "granite-4.0-h-small",
      "granite-4.0-h-tiny",
      "kimi-k2",
      "lfm2-1.2b",
      "lfm2-8b-a1b",
      "llama-2-7b",
      "llama-2-13b",
      "llama-2-70b",
      "llama-3.1-8b",
      "llama-3.1-70b",
      "llama-3.1-405b",
      "llama-3.2-1b",
      "llama-3.2-3b",
      "llama-3.3-70b",
      "llama-4-scout",
      "minimax-m2",
      "ministral-3-3b",
      "ministral-3-8b",
      "ministral-3-14b",
      "mistral-7b",
      "mistral-small-24b",
      "mixtral-8x7b",
      "nemotron-3-nano-30b-a3b",
      "nemotron-3-super-120b-a12b",
      "nemotron-h-8b",
      "phi-4",
      "qwen2.5-7b",
      "qwen2.5-14b",
      "qwen2.5-32b",
      "qwen2.5-72b",
      "qwen3-0.6b",
      "qwen3-1.7b",
      "qwen3-4b",
      "qwen3-8b",
      "qwen3-14b",
      "qwen3-30b-a3b",
      "qwen3-32b",
      "qwen3-235b-a22b",
      "qwen3-next-80b-a3b",
      "qwen3.5-27b",
      "qwen3.5-35b-a3b",
      "qwen3.5-122b-a10b",
      "qwen3.6-27b",
      "qwen3.6-35b-a3b",
      "qwen3.8-27b",
      "tinyllama-1.1b",
      "toy-4m",
      "toy-24m",
      "toy-124m",
      "toy-350m",
    ]);
  });

  it.each([
    ["7b", "llama-2-7b"],
    ["13B", "llama-2-13b"],
    ["70b", "llama-2-70b"],
    ["LLAMA-3.1-8B", "llama-3.1-8b"],
    ["TinyLlama", "tinyllama-1.1b"],
  ])("knows %s as %s", (name, id) => {
    expect(catalogue().find(name)?.id).toBe(id);
  });

  // Totals of the published checkpoints (safetensors index of each repository).
  it.each([
    ["llama-2-7b", 6_738_415_616],
    ["llama-2-13b", 13_015_864_320],
    ["llama-2-70b", 68_976_648_192],
    ["llama-3.1-8b", 8_030_261_248],
    ["llama-3.1-70b", 70_553_706_496],
    ["llama-3.1-405b", 405_853_388_800],
    ["llama-3.2-1b", 1_235_814_400],
    ["llama-3.2-3b", 3_212_749_824],
    ["llama-3.3-70b", 70_553_706_496],
    ["mistral-7b", 7_248_023_552],
    ["mistral-small-24b", 23_572_403_200],
    ["qwen3-8b", 8_190_735_360],
    ["qwen3-14b", 14_768_307_200],
    ["qwen3-30b-a3b", 30_532_122_624],
    ["qwen3-32b", 32_762_123_264],
    ["qwen3-235b-a22b", 235_093_634_560],
    ["gpt-oss-20b", 20_914_757_184],
    ["gpt-oss-120b", 116_829_156_672],
    ["glm-4.5-air", 106_852_251_264],
    ["gemma-3-27b", 27_009_346_304],
    ["tinyllama-1.1b", 1_100_048_384],
  ])("%s has %i parameters", (id, parameters) => {
    const model = catalogue().find(id);
    const ropeFactors =
      model?.shape.rope.llama3_scaling === undefined ? 0 : model.shape.head_size / 2;
    expect(model?.n_params).toBe(parameters);
    expect(model && parameterCount(model.shape) - ropeFactors).toBe(parameters);
  });

  // As llama-bench prints them of published files ("model params"), without layers that only predict further tokens.
  it.each([
    ["deepseek-v3", "671.03 B"],
    ["deepseek-v3.2", "671.88 B"],
    ["deepseek-v4-flash", "284.33 B"],
    ["devstral-2-123b", "125.03 B"],
    ["devstral-small-2-24b", "23.57 B"],
    ["gemma-3-4b", "3.88 B"],
    ["gemma-3-12b", "11.77 B"],
    ["gemma-4-12b", "11.91 B"],
    ["gemma-4-26b-a4b", "25.23 B"],
    ["gemma-4-31b", "30.70 B"],
    ["gemma-4-e2b", "4.63 B"],
    ["gemma-4-e4b", "7.46 B"],
    ["glm-4.7", "352.80 B"],
    ["glm-4.7-flash", "29.94 B"],
    ["glm-5", "743.9 B"],
    ["granite-4.0-h-small", "32.21 B"],
    ["granite-4.0-h-tiny", "6.94 B"],
    ["kimi-k2", "1026.41 B"],
    ["lfm2-1.2b", "1.17 B"],
    ["lfm2-8b-a1b", "8.34 B"],
    ["llama-4-scout", "107.77 B"],
    ["minimax-m2", "228.69 B"],
    ["ministral-3-3b", "3.43 B"],
    ["ministral-3-8b", "8.49 B"],
    ["ministral-3-14b", "13.51 B"],
    ["mixtral-8x7b", "46.70 B"],
    ["nemotron-3-nano-30b-a3b", "31.58 B"],
    ["nemotron-3-super-120b-a12b", "120.67 B"],
    ["nemotron-h-8b", "8.10 B"],
    ["phi-4", "14.66 B"],
    ["qwen2.5-7b", "7.62 B"],
    ["qwen2.5-14b", "14.77 B"],
    ["qwen2.5-32b", "32.76 B"],
    ["qwen2.5-72b", "72.71 B"],
    ["qwen3-0.6b", "596.05 M"],
    ["qwen3-1.7b", "1.72 B"],
    ["qwen3-4b", "4.02 B"],
    ["qwen3-next-80b-a3b", "79.67 B"],
    ["qwen3.5-27b", "26.90 B"],
    ["qwen3.5-35b-a3b", "34.66 B"],
    ["qwen3.5-122b-a10b", "122.11 B"],
    ["qwen3.6-27b", "26.90 B"],
    ["qwen3.6-35b-a3b", "34.66 B"],
    ["qwen3.8-27b", "26.90 B"],
  ])("%s has %s parameters", (id, printed) => {
    const model = catalogue().find(id);
    const [digits = "", unit] = printed.split(" ");
    const decimals = digits.split(".")[1]?.length ?? 0;
    const counted = (model?.n_params ?? 0) / (unit === "M" ? 1e6 : 1e9);
    expect(counted.toFixed(decimals)).toBe(digits);
    expect(model && checkpointParameters(model.shape)).toBe(model?.n_params);
  });

  // Model cards: 3.3B and 22B with the embeddings of the input (qwen3), 3.6B and 5.1B without (gpt-oss), 12B (GLM).
  it.each([
    ["qwen3-30b-a3b", 3.04],
    ["qwen3-235b-a22b", 21.57],
    ["gpt-oss-20b", 3.61],
    ["gpt-oss-120b", 5.13],
    ["glm-4.5-air", 12.8],
    ["gemma-3-27b", 27.01],
    // Names and cards: A3B, A4B, A10B, A32B to A40B, 17B of Llama 4 with its embeddings, 37B of DeepSeek V3 likewise.
    ["qwen3.6-35b-a3b", 2.95],
    ["gemma-4-26b-a4b", 3.82],
    ["minimax-m2", 10.42],
    ["glm-5", 40.83],
    ["deepseek-v3", 36.63],
    ["kimi-k2", 31.69],
    ["llama-4-scout", 16.14],
    ["nemotron-3-nano-30b-a3b", 3.23],
    ["nemotron-3-super-120b-a12b", 12.23],
    ["qwen3.5-122b-a10b", 9.01],
    ["mixtral-8x7b", 12.75],
  ])("a token of %s goes through %d billion parameters", (id, billions) => {
    const shape = catalogue().find(id)?.shape;
    expect(shape && activeParameterCount(shape) / 1e9).toBeCloseTo(billions, 2);
  });

  it("ties the embeddings of Gemma, Granite, LFM2, the small ones of Llama 3.2, Ministral 3 and Qwen3, and toys to train", () => {
    const tied = catalogue().models.filter(({ shape }) => shape.tied_embeddings);
    expect(tied.map(({ id }) => id)).toEqual([
      "gemma-3-4b",
      "gemma-3-12b",
      "gemma-3-27b",
      "gemma-4-12b",
      "gemma-4-26b-a4b",
      "gemma-4-31b",
      "gemma-4-e2b",
      "gemma-4-e4b",
      "granite-4.0-h-small",
      "granite-4.0-h-tiny",
      "lfm2-1.2b",
      "lfm2-8b-a1b",
      "llama-3.2-1b",
      "llama-3.2-3b",
      "ministral-3-3b",
      "qwen3-0.6b",
      "qwen3-1.7b",
      "qwen3-4b",
      "toy-124m",
      "toy-350m",
    ]);
  });

  it("has toys whose rows k-quants take whole", () => {
    for (const id of ["toy-4m", "toy-24m"]) {
      const { shape } = catalogue().find(id) ?? {};
      expect(shape && [shape.n_embd % 256, shape.n_ff % 256]).toEqual([0, 0]);
    }
  });
});

const toy = (changes = "", shapeChanges = "") => `
id: toy
name: Toy
${changes}
shape:
  architecture: llama
  n_layers: 2
  n_embd: 256
  n_ff: 512
  n_heads: 4
  n_kv_heads: 2
  head_size: 64
  n_vocab: 512
  n_ctx_train: 512
  tied_embeddings: false
  norm_epsilon: 1.0e-5
  rope: { freq_base: 10000 }
${shapeChanges}
`;

describe("a model's file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "llmbench models "));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function read(text: string, file = "toy.yaml") {
    writeFileSync(join(folder, file), text);
    return readCatalogue(folder);
  }

  it("needs no more than id, name and shape", () => {
    expect(read(toy()).find("TOY")).toMatchObject({
      aliases: [],
      sources: [],
      quantizations: ["q4_0", "q4_k_m", "q8_0", "f16"],
    });
  });

  it.each([
    [
      toy().replace("n_heads: 4", "n_heads: four"),
      /toy\.yaml: shape\.n_heads: expected a number, got "four"$/,
    ],
    [
      toy().replace("n_heads: 4", "n_head: 4"),
      /shape: unknown key "n_head" \(did you mean n_heads\?\)/,
    ],
    [toy("", "  n_expert: 8"), /shape: unknown key "n_expert"/],
    [toy().replace("n_layers: 2", "n_layers: 0"), /shape\.n_layers: expected more than 0, got 0$/],
    [toy().replace("n_layers: 2", "n_layers: 513"), /shape\.n_layers: expected at most 512/],
    [
      toy().replace("n_kv_heads: 2", "n_kv_heads: 3"),
      /n_kv_heads: expected a number that divides n_heads \(4\), got 3$/,
    ],
    [toy().replace("head_size: 64", "head_size: 63"), /head_size: expected an even number/],
    [
      toy().replace("llama", "lama"),
      /shape\.architecture: expected one of llama, mistral3, llama4, qwen2, .*, lfm2moe, got "lama" \(did you mean llama\?\)$/,
    ],
    [
      toy("quantizations: [q4_0, q4_z]"),
      /quantizations\[1\]: expected one of .*, got "q4_z" \(did you mean/,
    ],
    [
      toy("sources: [{ repo: nowhere, format: gguf }]"),
      /sources\[0\]\.repo: expected user\/repository, got "nowhere"$/,
    ],
    [toy("n_params: 12"), /n_params: expected 1443072, which the shape's tensors hold, got 12$/],
    [
      toy("aliases: [Toy Model]"),
      /aliases\[0\]: expected lower-case letters, .*, got "Toy Model"$/,
    ],
    [
      toy().replace("id: toy", "id: other"),
      /toy\.yaml: id: expected toy, the file's name, got other$/,
    ],
    [toy("", "  recurrent: { kind: mamba2 }"), /shape\.recurrent\.conv_kernel: expected a number/],
    [
      toy(
        "",
        "  recurrent: { kind: short_convolution, conv_kernel: 3, attention: { layers: [1] } }",
      ),
      /shape\.recurrent: expected none, as llama has it, got short_convolution$/,
    ],
    [
      toy().replace("llama", "qwen35"),
      /shape\.recurrent: expected kind delta_net, as qwen35 has it, got none$/,
    ],
    ["", /toy\.yaml: the file is empty$/],
    ["{", /toy\.yaml: not valid YAML, line 1/],
  ])("that says %j is refused", (text, message) => {
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).toThrow(expect.objectContaining({ code: "config" }));
  });

  it("may not claim a name that another has", () => {
    read(toy("aliases: [plaything]"));
    expect(() =>
      read(toy("aliases: [plaything]").replace("id: toy", "id: zebra"), "zebra.yaml"),
    ).toThrow(/zebra\.yaml: aliases: plaything already means toy$/);
    expect(() => read(toy().replace("id: toy", "id: plaything"), "plaything.yaml")).toThrow(
      /toy\.yaml: aliases: plaything already means plaything$/,
    );
  });
});
