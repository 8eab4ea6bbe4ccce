import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  architectureOf,
  parameterCountOf,
  quantizationOf,
  tensorBytesOf,
} from "../../src/gguf/headerFacts.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import { parameterCount } from "../../src/gguf/tensorTable.ts";
import { glm4MoeToy, groupedToy, qwen3Toy, toy } from "./shapes.ts";
import { temporaryFolder } from "./temporaryFolder.ts";
import { tinyGguf } from "./tinyGguf.ts";

const folder = temporaryFolder();

function headerOf(shape: ModelShape, damage: (bytes: Buffer) => void = () => {}) {
  const path = join(folder, "facts.gguf");
  const { bytes } = tinyGguf(shape);
  damage(bytes);
  writeFileSync(path, bytes);
  return readGgufHeader(path);
}

test.each([
  ["llama", toy],
  ["qwen3", qwen3Toy],
] as const)("the shape of a %s file is the one it was made from", (architecture, shape) => {
  const header = headerOf(shape);
  expect(architectureOf(header)).toBe(architecture);
  expect(shapeOf(header)).toEqual({ ...shape, norm_epsilon: Math.fround(shape.norm_epsilon) });
  expect(quantizationOf(header)).toBe("q8_0");
  expect(parameterCountOf(header)).toBe(parameterCount(shape));
});

test("tied embeddings and rope factors are seen", () => {
  const shape = shapeOf(headerOf(groupedToy));
  expect(shape?.tied_embeddings).toBe(true);
  expect(shape?.rope.llama3_scaling).toBeDefined();
});

test("tensor bytes leave padding out", () => {
  const header = headerOf(toy);
  expect(tensorBytesOf(header)).toBe(header.tensors.reduce((sum, { bytes }) => sum + bytes, 0));
});

test("a tensor more than the shape has is another architecture's variant", () => {
  const header = headerOf(toy);
  const [first] = header.tensors;
  if (!first) throw new Error("the toy has tensors");
  const bias = { ...first, name: "blk.0.attn_q.bias" };
  expect(shapeOf({ ...header, tensors: [...header.tensors, bias] })).toBeUndefined();
});

test("layers behind the last, that predict further tokens, are not the model's", () => {
  const header = headerOf(glm4MoeToy);
  const [first] = header.tensors;
  if (!first) throw new Error("the toy has tensors");
  const metadata = new Map([
    ...header.metadata,
    ["glm4moe.block_count", 4] as const,
    ["glm4moe.nextn_predict_layers", 1] as const,
  ]);
  const tensors = [...header.tensors, { ...first, name: "blk.3.nextn.eh_proj.weight" }];
  expect(shapeOf({ ...header, metadata, tensors })).toMatchObject({
    n_layers: 3,
    experts: glm4MoeToy.experts,
    rope: glm4MoeToy.rope,
  });
});

test("millions of claimed layers cost nothing", () => {
  const header = headerOf(toy);
  const metadata = new Map([...header.metadata, ["llama.block_count", 4_000_000_000] as const]);
  expect(shapeOf({ ...header, metadata })).toBeUndefined();
});
