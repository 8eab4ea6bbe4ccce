import { expect, test } from "vitest";
import { shapeLayers } from "../../src/fit/memoryModel.ts";
import { tensorDataBytes, tensorTable } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { decodeWorkOf, kvRead } from "../../src/predict/decodeWork.ts";
import { prefillWorkOf, type SpeedQuestion } from "../../src/predict/predictSpeed.ts";
import type { ReadModel } from "../../src/predict/readModel.ts";
import { usualQuestion } from "./usualQuestion.ts";

function shapeOf(id: string) {
  const shape = catalogue().find(id)?.shape;
  if (shape === undefined) throw new Error(`no model ${id}`);
  return shape;
}

/** All of it F16, 2 bytes a parameter. */
function modelOf(id: string): ReadModel {
  const shape = shapeOf(id);
  const tensors = tensorTable(shape).map((tensor) => ({
    name: tensor.name,
    dims: tensor.dims,
    bytes: tensorDataBytes([tensor], new Map([[tensor.name, "f16"]])),
  }));
  return { ...shapeLayers(shape), tensors };
}

function question(id: string, changes: Partial<SpeedQuestion> = {}): SpeedQuestion {
  return {
    model: modelOf(id),
    quantization: "f16",
    ...usualQuestion,
    ...changes,
  };
}

test("a token reads the experts that it goes through, a batch nearly all of them", () => {
  const asked = question("qwen3-30b-a3b");
  expect(decodeWorkOf(asked, false).weightsBytesRead / 2e9).toBeCloseTo(3.04, 2);
  const batch = prefillWorkOf(asked, false);
  // 30.53 billion without both embeddings.
  expect(batch.weightsBytes / 2e9).toBeCloseTo(29.9, 1);
  // Two operations a parameter that a token goes through.
  expect(batch.matrixOperations / (2 * 512)).toBeCloseTo(2.73e9, -7);
  const few = prefillWorkOf(question("qwen3-30b-a3b", { nPrompt: 1 }), false);
  expect(few.weightsBytes / 2e9).toBeCloseTo(2.73, 2);
});

function hostBytes(nCpuMoe: number): number {
  return decodeWorkOf(question("qwen3-30b-a3b", { nCpuMoe }), false).hostBytes ?? 0;
}

test("experts that --n-cpu-moe keeps in host memory are read there", () => {
  expect(hostBytes(0)).toBe(0);
  // 8 experts of three matrices, 2048 × 768, at 2 bytes.
  expect(hostBytes(1)).toBeCloseTo(8 * 3 * 2048 * 768 * 2, -1);
  expect(hostBytes(48)).toBeCloseTo(48 * hostBytes(1), -1);
});

test("shared experts and leading dense layers are gone through by every token", () => {
  const { weightsBytesRead } = decodeWorkOf(question("glm-4.5-air"), false);
  expect(weightsBytesRead / 2e9).toBeCloseTo(12.8, 2);
});

test("layers with a window read no more of the cache than it holds", () => {
  const model = modelOf("gemma-3-27b");
  const settings = { typeK: "f16", typeV: "f16", nGen: 1, nUbatch: 512 };
  const cell = 2 * 2 * 16 * 128;
  // 52 of 62 layers look back 1024 tokens, their cache holds a batch more.
  expect(kvRead(model, { ...settings, nDepth: 0 })).toBe(62 * 256 * cell);
  expect(kvRead(model, { ...settings, nDepth: 16_383 })).toBe((10 * 16_384 + 52 * 1536) * cell);
});
