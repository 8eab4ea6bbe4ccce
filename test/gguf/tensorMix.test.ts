import { describe, expect, it, test } from "vitest";
import type { GgmlTypeName } from "../../src/gguf/ggmlTypes.ts";
import { mixOf, typesOfMix } from "../../src/gguf/tensorMix.ts";
import { tensorTable, unquantizedType } from "../../src/gguf/tensorTable.ts";
import { llama2_7b, llama32_1b } from "./shapes.ts";

/** As a plain Q4_K file would have them, but for those named. */
function types(shape: typeof llama2_7b, others: Readonly<Record<string, GgmlTypeName>>) {
  return new Map(
    tensorTable(shape).map(
      (tensor) =>
        [
          tensor.name,
          others[tensor.name] ?? (unquantizedType(tensor) === "f32" ? "f32" : "q4_K"),
        ] as const,
    ),
  );
}

describe("a mix", () => {
  it("names what most matrices are, then the others by name and layers", () => {
    const others = {
      "output.weight": "q6_K",
      "blk.0.ffn_down.weight": "q6_K",
      "blk.1.ffn_down.weight": "q6_K",
      "blk.7.ffn_down.weight": "q6_K",
      "blk.31.ffn_down.weight": "q5_K",
    } as const;
    expect(mixOf(llama2_7b, types(llama2_7b, others))).toBe(
      "q4_K; ffn_down.weight 0-1,7 q6_K; ffn_down.weight 31 q5_K; output.weight q6_K",
    );
  });

  it("names norms where they are not F32", () => {
    const mix = mixOf(llama2_7b, types(llama2_7b, { "output_norm.weight": "f16" }));
    expect(mix).toBe("q4_K; output_norm.weight f16");
  });

  it("gives back the types that it was made of, in the shape's order", () => {
    const made = types(llama2_7b, { "output.weight": "q6_K", "blk.3.attn_v.weight": "q8_0" });
    expect([...(typesOfMix(llama2_7b, mixOf(llama2_7b, made)) ?? [])]).toEqual([...made]);
  });

  it("is not made where a tensor has no type", () => {
    expect(() => mixOf(llama2_7b, new Map())).toThrow(RangeError);
  });
});

test.each([
  "",
  "q9_K",
  "q4_K; output.weight",
  "q4_K; output.weight q9_K",
  "q4_K; no_such.weight q6_K",
  "q4_K; ffn_down.weight q6_K",
  "q4_K; ffn_down.weight 16 q6_K",
  "q4_K; ffn_down.weight 0-99999999999 q6_K",
  "q4_K; ffn_down.weight 3-1 q6_K",
  "q4_K; ffn_down.weight - q6_K",
  "q4_K;output.weight q6_K",
])("%j is no mix of a model with 16 layers and tied embeddings", (mix) => {
  expect(typesOfMix(llama32_1b, mix)).toBeNull();
});
