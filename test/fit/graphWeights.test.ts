import { expect, it } from "vitest";
import { appleHost } from "../../src/fit/hostTraits.ts";
import { graphWeights } from "../../src/fit/graphWeights.ts";
import { placeLayers } from "../../src/fit/layerPlacement.ts";
import { laidOutRuns } from "../../src/fit/laidOutRuns.ts";
import { memoryDevice } from "../../src/fit/memoryDevice.ts";
import { describedMemoryModel } from "../../src/fit/memoryModel.ts";
import { usualFitSettings } from "../../src/fit/memorySettings.ts";
import type { GgmlTypeName } from "../../src/gguf/ggmlTypes.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { isOfExperts } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { mixedTypes } from "./sparseModel.ts";

const shape = shapeOf("qwen3-30b-a3b");
const metal = [memoryDevice({ name: "MTL0", description: "Apple M4" }, 2 ** 34)];

function shapeOf(name: string): ModelShape {
  const model = catalogue().find(name);
  if (model === undefined) throw new Error(`${name} is no model of the catalogue`);
  return model.shape;
}

/** Of the first half of the layers on the host. */
function formOf(experts: GgmlTypeName, others: GgmlTypeName, gpuLayers = shape.n_layers / 2) {
  const [ofExperts, ofOthers] = [mixedTypes(shape, experts), mixedTypes(shape, others)];
  const types = new Map(
    [...ofOthers].map(([name, type]) => [
      name,
      isOfExperts(name) ? (ofExperts.get(name) ?? type) : type,
    ]),
  );
  const model = describedMemoryModel(shape, "f16", types);
  const settings = { ...usualFitSettings, gpuLayers };
  const placement = placeLayers(shape.n_layers, settings, metal);
  const weights = graphWeights(model, settings, {
    devices: metal,
    repacks: appleHost().repacks,
  });
  return weights.repackedForm(placement, laidOutRuns(placement, shape, settings, "rough"));
}

it("tells nothing of weights that the host repacks and no device would take over", () => {
  expect(formOf("f16", "q4_0")).toBe("");
});

it("tells experts that the host repacks, whatever their types", () => {
  expect(formOf("q4_0", "f16")).not.toBe("");
  expect(formOf("q4_0", "f16")).toBe(formOf("q8_0", "q4_0"));
});

it("tells nothing where all layers are on devices", () => {
  expect(formOf("q4_0", "q4_0", shape.n_layers + 1)).toBe("");
});
