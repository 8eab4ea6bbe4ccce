import { describe, expect, test } from "vitest";
import {
  parameterCount,
  quantizeOrder,
  shareRead,
  tensorTable,
} from "../../src/gguf/tensorTable.ts";
import { gemma3Toy, glm4MoeToy, llama2_70b, llama2_7b, llama32_1b, qwen3Toy } from "./shapes.ts";

describe("parameters", () => {
  // What llama.cpp prints as "model params" for published files.
  test.each([
    ["Llama 2 7B", llama2_7b, 6_738_415_616, 291],
    ["Llama 2 70B", llama2_70b, 68_976_648_192, 723],
    // 1,235,814,400 of the checkpoint, and 32 rope factors.
    ["Llama 3.2 1B", llama32_1b, 1_235_814_432, 147],
  ] as const)("%s", (_, shape, parameters, tensors) => {
    expect(parameterCount(shape)).toBe(parameters);
    expect(tensorTable(shape)).toHaveLength(tensors);
  });
});

test("heads may be wider than the residual stream, and qwen3 has norms per head", () => {
  const dims = new Map(tensorTable(qwen3Toy).map((tensor) => [tensor.name, tensor.dims]));
  expect(dims.get("blk.0.attn_q.weight")).toEqual([256, 512]);
  expect(dims.get("blk.0.attn_output.weight")).toEqual([512, 256]);
  expect(dims.get("blk.0.attn_k.weight")).toEqual([256, 256]);
  expect(dims.get("blk.2.attn_q_norm.weight")).toEqual([128]);
});

test("tied embeddings leave the output layer out", () => {
  const names = tensorTable(llama32_1b).map(({ name }) => name);
  expect(names).not.toContain("output.weight");
  expect(names).toContain("rope_freqs.weight");
});

test("llama-quantize sorts by layer, then name", () => {
  const names = quantizeOrder(tensorTable(llama2_7b)).map(({ name }) => name);
  expect(names.slice(0, 6)).toEqual([
    "output.weight",
    "output_norm.weight",
    "token_embd.weight",
    "blk.0.attn_k.weight",
    "blk.0.attn_norm.weight",
    "blk.0.attn_output.weight",
  ]);
  expect(names.indexOf("blk.2.attn_k.weight")).toBeLessThan(names.indexOf("blk.10.attn_k.weight"));
});

test("a mixture has its router, its experts in one tensor each, and dense layers before", () => {
  const dims = new Map(tensorTable(glm4MoeToy).map((tensor) => [tensor.name, tensor.dims]));
  expect(dims.get("blk.0.ffn_up.weight")).toEqual([256, 768]);
  expect(dims.has("blk.0.ffn_up_exps.weight")).toBe(false);
  expect(dims.get("blk.1.ffn_up_exps.weight")).toEqual([256, 256, 8]);
  expect(dims.get("blk.1.ffn_gate_inp.weight")).toEqual([256, 8]);
  expect(dims.get("blk.1.exp_probs_b.bias")).toEqual([8]);
  expect(dims.get("blk.1.ffn_down_shexp.weight")).toEqual([256, 256]);
});

test("a token reads its share of experts, and of embeddings that are not the output nothing", () => {
  expect(shareRead("blk.1.ffn_up_exps.weight", glm4MoeToy)).toBeCloseTo(2 / 8);
  expect(shareRead("blk.1.ffn_up_exps.weight", glm4MoeToy, 512)).toBeCloseTo(1);
  expect(shareRead("blk.1.ffn_up_shexp.weight", glm4MoeToy)).toBe(1);
  expect(shareRead("token_embd.weight", glm4MoeToy)).toBe(0);
  expect(shareRead("token_embd.weight", gemma3Toy)).toBe(1);
});
