import { describe, expect, it } from "vitest";
import { usualContext, usualPlacement, type ContextSettings } from "../../src/bench/settings.ts";
import { workloadOf } from "../../src/bench/workload.ts";
import { requireOutput } from "../../src/gguf/modelOutput.ts";

const pp512 = workloadOf({ prompt: 512, generated: 0, depth: 0 });

function refusal(
  architecture: string,
  workload = pp512,
  changed: Partial<ContextSettings> = {},
): string {
  const header = { metadata: new Map([["general.architecture", architecture]]), tensors: [] };
  const context = { ...usualContext, nThreads: 1, ...changed };
  try {
    requireOutput("model.gguf", header, { workload, placement: usualPlacement, context });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a model that generates nothing", () => {
  it("is refused with the reason", () => {
    expect(refusal("bert")).toBe(
      "model.gguf: an embedding model: it has no logits to generate from; measure its prompts with --embeddings 1 --n-gen 0",
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

describe("an embedding model", () => {
  const embeddings = { embeddings: true };

  it("computes prompts with embeddings", () => {
    expect(refusal("bert", pp512, embeddings)).toBe("");
    expect(refusal("t5", pp512, embeddings)).toMatch(/encoder-decoder/);
  });

  it("generates nothing with them either, and has no cache that a depth could fill", () => {
    const tg = workloadOf({ prompt: 0, generated: 8, depth: 0 });
    expect(refusal("bert", tg, embeddings)).toMatch(/; use --n-gen 0, and no --pg$/);
    const deep = workloadOf({ prompt: 512, generated: 0, depth: 64 });
    expect(refusal("bert", deep, embeddings)).toMatch(/; use --n-depth 0$/);
  });

  it("reads a prompt in one batch", () => {
    const long = workloadOf({ prompt: 3000, generated: 0, depth: 0 });
    expect(refusal("bert", long, embeddings)).toMatch(/use --ubatch-size 2048/);
    expect(refusal("bert", long, { ...embeddings, nUbatch: 2048 })).toBe("");
  });
});
