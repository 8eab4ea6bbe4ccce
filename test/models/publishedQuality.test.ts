import { describe, expect, it } from "vitest";
import { quantizationNames } from "../../src/gguf/quantizations.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import {
  publishedQuality,
  qualityMetrics,
  shippedQuality,
  type QualityRow,
} from "../../src/models/publishedQuality.ts";

const asked = (model: string, quantization: string | null, bitsPerWeight: number | null = null) =>
  publishedQuality({ model, quantization, bitsPerWeight });

function row(model: string, metric: QualityRow["metric"], bitsPerWeight: number): QualityRow {
  return {
    family: "a",
    model,
    file: "F",
    quantization: null,
    bitsPerWeight,
    metric,
    corpus: "c",
    value: 1,
    source: "s",
  };
}

describe("the published quality of a quantization", () => {
  it("is what its source says of the very model and type", () => {
    expect(asked("llama-3-8b", "q4_k_m", 4.89)).toMatchObject({
      metric: "mean_kl_divergence",
      value: 0.031273,
      ofSameModel: true,
      ofSameQuantization: true,
      source: expect.stringContaining("tools/perplexity/README.md"),
    });
  });

  it("is that of the family where the model itself has none, and says so", () => {
    expect(asked("llama-3.1-70b", "q4_0", 4.55)).toMatchObject({
      model: "llama-3-8b",
      value: 0.07194,
      ofSameModel: false,
    });
  });

  it("never comes from another family whose name begins alike", () => {
    expect(asked("qwen3.6-27b", "q4_k_m")?.family).toBe("qwen3.6");
    expect(asked("qwen3-8b", "q4_k_m")?.family).toBe("qwen3");
    expect(asked("qwen3000-8b", "q4_k_m")).toBeNull();
    expect(asked("mixtral-8x7b", "q4_k_m")).toBeNull();
  });

  it("is told by bits per weight where a file's types have no name, and never from far away", () => {
    expect(asked("llama-4-scout", null, 3.3)).toMatchObject({ ofSameQuantization: false });
    expect(asked("llama-4-scout", null, 3.3)?.bitsPerWeight).toBeCloseTo(3.3, 0);
    expect(asked("llama-4-scout", null, 6.6)).toBeNull();
    expect(asked("llama-4-scout", null)).toBeNull();
  });

  it("takes a file that only borrows a type's name for another one", () => {
    expect(asked("llama-3-8b", "q4_0", 6.5)?.quantization).not.toBe("q4_0");
  });

  it("prefers the model itself to a better metric, and the better metric to the nearer file", () => {
    const rows = [
      row("a-1b", "mean_kl_divergence", 4),
      row("a-2b", "charted_kl_divergence", 4),
      row("a-2b", "perplexity_ratio", 4.2),
    ];
    const found = publishedQuality({ model: "a-2b", quantization: null, bitsPerWeight: 4 }, rows);
    expect(found).toMatchObject({ model: "a-2b", metric: "perplexity_ratio" });
  });

  it("has a source in each row, known types, and models under the catalogue's names where it has them", () => {
    for (const { source, quantization, bitsPerWeight, metric } of shippedQuality()) {
      expect(source).not.toBe("");
      expect([null, ...quantizationNames]).toContain(quantization);
      expect(quantization === null && bitsPerWeight === null).toBe(false);
      expect(Object.keys(qualityMetrics)).toContain(metric);
    }
    const named = new Set(shippedQuality().map(({ model }) => model));
    expect(catalogue().models.filter(({ id }) => named.has(id)).length).toBeGreaterThan(5);
  });

  it("falls with more bits, within one model, metric and source, but for what a matrix of importance gains", () => {
    const scoreboard = ["q2_k", "q3_k_m", "q4_k_m", "q5_k_m", "q6_k", "q8_0"].map(
      (quantization) => asked("llama-3-8b", quantization)?.value ?? NaN,
    );
    expect(scoreboard).toEqual(scoreboard.toSorted((a, b) => b - a));
  });
});
