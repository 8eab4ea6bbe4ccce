import { describe, expect, it, test } from "vitest";
import { enginePackage } from "../../src/base/version.ts";
import { askAboutShape } from "../../src/gguf/askTensorTypes.ts";
import { quantizationNames } from "../../src/gguf/quantizations.ts";
import { mixOf } from "../../src/gguf/tensorMix.ts";
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
