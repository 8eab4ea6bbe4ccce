import { describe, expect, it } from "vitest";
import { sumOf } from "../../../src/base/sumOf.ts";
import { attentionCacheBytes } from "../../../src/fit/caches/cacheBytes.ts";
import { shapeLayers } from "../../../src/fit/memoryModel.ts";
import { usualFitSettings } from "../../../src/fit/memorySettings.ts";
import { elementsOf } from "../../../src/gguf/ggmlTypes.ts";
import type { ModelShape } from "../../../src/gguf/modelShape.ts";
import { tensorTable } from "../../../src/gguf/tensorTable.ts";
import { catalogue } from "../../../src/models/catalogue.ts";
import { families, familyNames } from "../../../src/predict/families/families.ts";
import { modelOfSize } from "../../../src/predict/families/modelOfSize.ts";
import { shapeOfSize } from "../../../src/predict/families/shapeOfSize.ts";
import { weightsRead } from "../../../src/predict/weightsRead.ts";

const gib = 2 ** 30;

const parametersOf = (shape: ModelShape) =>
  sumOf(tensorTable(shape), ({ dims }) => elementsOf(dims));

const cacheBytes = (shape: ModelShape) =>
  sumOf(shapeLayers(shape).caches.attention, (cache) =>
    attentionCacheBytes(cache, { ...usualFitSettings, nCtx: 8192 }),
  );

const members = familyNames.flatMap((family) =>
  families[family].members.map((id) => {
    const shape = catalogue().find(id)?.shape;
    if (shape === undefined) throw new Error(`no model ${id}`);
    return { family, id, shape };
  }),
);

describe("a model of any size", () => {
  it.each(members)(
    "of $family has the layers, widths and heads of $id at its size",
    ({ family, shape }) => {
      const { n_layers, n_embd, n_heads, n_kv_heads, experts } = shape;
      const made = shapeOfSize(family, parametersOf(shape));
      expect(made).toMatchObject({ n_layers, n_embd, n_heads, n_kv_heads });
      expect(made.experts?.n_ff).toBe(experts?.n_ff);
    },
  );

  it.each(familyNames)(
    "of %s weighs what was asked for, and grows in all that it has",
    (family) => {
      let before = modelOfSize(family, gib);
      for (let bytes = 1.3 * gib; bytes < 900 * gib; bytes *= 1.3) {
        const model = modelOfSize(family, bytes);
        expect(model.weightsBytes / bytes).toBeCloseTo(1, 4);
        expect(model.placedLayers).toBeGreaterThanOrEqual(before.placedLayers);
        expect(parametersOf(model.shape) / ((bytes * 8) / 4.9)).toBeGreaterThan(0.8);
        expect(parametersOf(model.shape) / ((bytes * 8) / 4.9)).toBeLessThan(1.25);
        before = model;
      }
    },
  );

  it("reads all of a dense model for a token, and a tenth of a mixture", () => {
    for (const bytes of [5 * gib, 40 * gib, 300 * gib]) {
      expect(weightsRead(modelOfSize("dense", bytes)).total / bytes).toBeGreaterThan(0.85);
      const share = weightsRead(modelOfSize("mixture", bytes)).total / bytes;
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.2);
    }
  });

  it("has the KV cache of the catalogue's model of its size", () => {
    for (const { family, shape } of members) {
      const bytes = (parametersOf(shape) * 4.9) / 8;
      expect(cacheBytes(modelOfSize(family, bytes).shape)).toBe(cacheBytes(shape));
    }
  });
});
