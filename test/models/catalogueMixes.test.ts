import { describe, expect, it, test } from "vitest";
import { enginePackage } from "../../src/base/version.ts";
import { askAboutShape } from "../../src/gguf/askTensorTypes.ts";
import { quantizationNames } from "../../src/gguf/quantizations.ts";
import { mixOf, typesOfMix } from "../../src/gguf/tensorMix.ts";
import { tensorDataBytes, tensorTable } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { catalogueMix } from "../../src/models/catalogueMixes.ts";
import { llamaTensorTypes } from "../engines/tensorTypes.ts";
import { llama2_70b, toy } from "../gguf/shapes.ts";

const ask = await llamaTensorTypes();
const engineVersion = enginePackage();

describe("of each quantization, the types that come with llmbench are those that llama.cpp gives", () => {
  test.each(catalogue().models.map(({ id, shape }) => [id, shape] as const))(
    "%s",
    async (_, shape) => {
      for (const quantization of quantizationNames) {
        const shipped = catalogueMix({ shape, quantization, engineVersion });
        const asked = mixOf(shape, await askAboutShape(shape, quantization, ask));
        expect([quantization, shipped]).toEqual([quantization, asked]);
      }
    },
  );
});

// Sizes that llama-bench prints of published files whose mix is llama.cpp's own, without an importance matrix.
test.each([
  ["qwen2.5-32b", "q4_k_m", "18.48"],
  ["phi-4", "q4_k_m", "8.43"],
  ["qwen3.6-27b", "q4_k_m", "15.40"],
  ["qwen3.6-35b-a3b", "q4_k_m", "19.70"],
  ["gemma-4-31b", "q8_0", "30.38"],
  ["gemma-4-e4b", "q4_0", "4.79"],
  ["glm-4.7-flash", "bf16", "55.79"],
  ["granite-4.0-h-tiny", "q4_k_m", "3.94"],
] as const)("%s at %s has the published %s GiB", (id, quantization, gib) => {
  const shape = catalogue().find(id)?.shape;
  if (shape === undefined) throw new Error(`no model ${id}`);
  const mix = catalogueMix({ shape, quantization, engineVersion }) ?? "";
  const types = typesOfMix(shape, mix);
  expect(types).not.toBeNull();
  expect((tensorDataBytes(tensorTable(shape), types ?? new Map()) / 2 ** 30).toFixed(2)).toBe(gib);
});

describe("nothing is known beforehand", () => {
  it("of another engine", () => {
    const asked = { shape: llama2_70b, quantization: "q4_0", engineVersion } as const;
    expect(catalogueMix(asked)).toBe("q4_0; output.weight q6_K");
    expect(catalogueMix({ ...asked, engineVersion: "node-llama-cpp 9.9.9" })).toBeNull();
  });

  it("of another shape", () => {
    const other = { ...toy, n_layers: toy.n_layers + 1 };
    expect(catalogueMix({ shape: other, quantization: "q4_0", engineVersion })).toBeNull();
  });
});
