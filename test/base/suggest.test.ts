import { expect, it } from "vitest";
import { didYouMean, suggest } from "../../src/base/suggest.ts";

it.each([
  ["cdua", ["metal", "cuda", "cpu"], "cuda"],
  ["LLAMA-2-7", ["llama-2-7b", "llama-2-70b"], "llama-2-7b"],
  ["n-promt", ["n-prompt", "n-gen"], "n-prompt"],
  ["banana", ["metal", "cuda", "cpu"], null],
  ["x", ["q", "m"], null],
  ["", ["q"], null],
  ["x", [], null],
])("%j near %j is %j", (typed, known, expected) => {
  expect(suggest(typed, known)).toBe(expected);
});

it("says nothing where nothing is near", () => {
  expect(didYouMean("cdua", ["cuda"])).toBe(" (did you mean cuda?)");
  expect(didYouMean("banana", ["cuda"])).toBe("");
});
