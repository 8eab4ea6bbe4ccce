import { describe, expect, it } from "vitest";
import { requireLogits } from "../../src/gguf/logits.ts";

function refusal(architecture: string): string {
  const header = { metadata: new Map([["general.architecture", architecture]]), tensors: [] };
  try {
    requireLogits("model.gguf", header);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a model that generates nothing", () => {
  it("is refused with the reason", () => {
    expect(refusal("bert")).toBe(
      "model.gguf: an embedding model: it has no logits to generate from",
    );
    expect(refusal("wavtokenizer-dec")).toMatch(/vocoder/);
    expect(refusal("eagle3")).toMatch(/draft model/);
    expect(refusal("t5")).toMatch(/encoder-decoder/);
  });

  it("is no model with logits, an unknown one among them", () => {
    for (const name of ["llama", "qwen3", "mamba", "dream", "of-tomorrow"]) {
      expect(refusal(name)).toBe("");
    }
  });
});
