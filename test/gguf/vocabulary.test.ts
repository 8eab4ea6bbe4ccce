import { expect, test } from "vitest";
import { vocabularyMetadata } from "../../src/gguf/vocabulary.ts";

function entry(architecture: "llama" | "qwen3", n_vocab: number, key: string): unknown {
  return vocabularyMetadata({ architecture, n_vocab }).find((found) => found.key === key)?.value;
}

test("the vocabulary has n_vocab different tokens, each byte among them", () => {
  const tokens = entry("llama", 128_256, "tokenizer.ggml.tokens") as string[];
  expect(new Set(tokens).size).toBe(128_256);
  expect(tokens.slice(0, 4)).toEqual(["<unk>", "<s>", "</s>", "<0x00>"]);
  expect(tokens[258]).toBe("<0xFF>");
});

test("llama prompts begin with BOS, qwen's don't", () => {
  expect(entry("llama", 300, "tokenizer.ggml.add_bos_token")).toBe(true);
  expect(entry("qwen3", 300, "tokenizer.ggml.add_bos_token")).toBe(false);
});

test("a vocabulary too small for the byte tokens is refused", () => {
  expect(() => vocabularyMetadata({ architecture: "llama", n_vocab: 258 })).toThrow(
    /n_vocab: expected at least 259 .*, got 258/,
  );
});
