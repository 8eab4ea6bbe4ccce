import { expect, it } from "vitest";
import { trainedTokens } from "../../src/models/trainedTokens.ts";

it.each([
  ["a model of the catalogue", "llama-2-13b", 4096],
  ["a model of published tables", "llama-1-13b", 2048],
  ["a model whose successor has the same shape and a longer context", "llama-3-8b", 8192],
  ["a model that nobody described", "my-finetune", null],
])("the training context: %s", (_, model, tokens) => {
  expect(trainedTokens(model)).toBe(tokens);
});
