import { readdirSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { quantizationNames } from "../../src/gguf/quantizations.ts";
import type { Quantization } from "../../src/gguf/quantizations.ts";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import { writeSparseFile } from "../../src/gguf/sparseFile.ts";
import { tensorDataBytes, tensorTable } from "../../src/gguf/tensorTable.ts";
import { llamaTensorTypes } from "../engines/tensorTypes.ts";
import { planSyntheticFile } from "../../src/models/syntheticPlan.ts";
import type { SyntheticPlan } from "../../src/models/syntheticPlan.ts";
import { tensorTypesOf } from "../../src/models/syntheticTypes.ts";
import {
  groupedToy,
  llama2_70b,
  llama2_7b,
  llama32_1b,
  oddWidthToy,
  qwen3Toy,
  toy,
} from "../gguf/shapes.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";

const cacheDir = temporaryFolder();
const ask = await llamaTensorTypes();

function question(shape: ModelShape, quantization: Quantization) {
  return { shape, quantization, cacheDir, engineVersion: "test", ask };
}

function typesOf(shape: ModelShape, quantization: Quantization) {
  return tensorTypesOf(question(shape, quantization));
}

describe("tensor data of published files, in MiB as llama.cpp prints it", () => {
  test.each([
    ["70B Q4_0", llama2_70b, "q4_0", "37070.73"],
    ["70B Q4_K_M", llama2_70b, "q4_k_m", "39503.23"],
    ["7B Q4_K_M", llama2_7b, "q4_k_m", "3891.24"],
    ["7B F16", llama2_7b, "f16", "12853.02"],
    ["7B Q8_0", llama2_7b, "q8_0", "6828.64"],
    ["3.2 1B Q4_0, tied", llama32_1b, "q4_0", "727.75"],
  ] as const)("%s", async (_, shape, quantization, mebibytes) => {
    const bytes = tensorDataBytes(tensorTable(shape), await typesOf(shape, quantization));
    expect((bytes / 2 ** 20).toFixed(2)).toBe(mebibytes);
  });
});

test("quantizations are listed by size", async () => {
  const sizes: number[] = [];
  for (const quantization of quantizationNames) {
    sizes.push(tensorDataBytes(tensorTable(llama2_70b), await typesOf(llama2_70b, quantization)));
  }
  expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
});

describe("tensor by tensor, a planned file has the types that llama.cpp's dry run names", () => {
  test.each([
    ["7B", llama2_7b],
    ["70B", llama2_70b],
    ["few layers", toy],
    ["grouped heads, tied embeddings", groupedToy],
    ["rows that 256 doesn't divide", oddWidthToy],
    ["qwen3", qwen3Toy],
  ] as const)("%s", async (_, shape) => {
    const path = join(cacheDir, "asked.gguf");
    rmSync(path, { force: true });
    writeSparseFile(path, { shape, quantization: "f16" });
    for (const quantization of quantizationNames) {
      const plan = await planSyntheticFile({ modelId: "any", ...question(shape, quantization) });
      const planned = [quantization, ...plannedTypes(plan)];
      expect(planned).toEqual([quantization, ...sorted(await ask(path, quantization))]);
    }
  });
});

/** Read back off the header that would be written, behind a hole for data. */
function plannedTypes({ header, fileBytes }: SyntheticPlan): [string, string][] {
  const path = join(cacheDir, "planned.gguf");
  writeFileSync(path, header);
  truncateSync(path, fileBytes);
  return sorted(readGgufHeader(path).tensors.map(({ name, type }) => [name, type] as const));
}

function sorted(types: Iterable<readonly [string, string]>): [string, string][] {
  return Array.from(types, ([name, type]): [string, string] => [name, type]).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
}

test("rows that 256 doesn't divide fall back", async () => {
  const types = await typesOf(oddWidthToy, "q4_k_m");
  expect(new Set(types.values())).toEqual(new Set(["f32", "q5_0", "q8_0"]));
});

test("an answer is kept, and another engine is asked again", async () => {
  let asked = 0;
  const counted = (engineVersion: string) => ({
    ...question(llama32_1b, "q5_k_m"),
    engineVersion,
    ask: async (path: string, quantization: Quantization) => {
      asked += 1;
      return ask(path, quantization);
    },
  });
  const first = await tensorTypesOf(counted("one"));
  expect(await tensorTypesOf(counted("one"))).toEqual(first);
  expect(asked).toBe(1);
  await tensorTypesOf(counted("two"));
  expect(asked).toBe(2);
});

test.each(["", "{", "[]", '{"question":{},"answer":7}', '{"question":{},"answer":"q9_K"}'])(
  "a kept answer that says %j is asked for again",
  async (text) => {
    const folder = join(cacheDir, "tensor-types");
    const whole = await typesOf(llama32_1b, "q6_k");
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), text);
    expect(await typesOf(llama32_1b, "q6_k")).toEqual(whole);
  },
);
