import { afterAll, describe, expect, it } from "vitest";
import { writeArchitecture } from "../../scripts/bench/architectures.mjs";
import { ChildFailure } from "../../src/engines/child/childFailure.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import type { MemoryModel } from "../../src/fit/memoryModel.ts";
import { splitRefusal } from "../../src/fit/splitRefusal.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { glm4MoeToy, toy } from "../gguf/shapes.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { answers } from "./architectures/headers.ts";
import { mixedTypes, plainSettings, sparseModel } from "./sparseModel.ts";

const folder = temporaryFolder();
const child = new LlamaChild("cpu");
afterAll(() => child.close());

const tensor = { splitMode: "tensor", tensorSplit: [], tensorOverrides: [] } as const;

function modelOf(path: string): MemoryModel {
  const gguf = readGgufModel(path);
  const model = fileMemoryModel(gguf, shapeOf(gguf) ?? null);
  if (model === null) throw new Error(`${path} tells nothing`);
  return model;
}

/** Without a device it refuses all, and says of these that it would anyway. */
async function isImplemented(path: string): Promise<boolean> {
  const placement = { ...plainSettings, ...tensor, nPrompt: 256, nGen: 0, nDepth: 0 };
  try {
    await child.request({ type: "memory", path, ...placement, noAlloc: true });
  } catch (error) {
    if (!(error instanceof ChildFailure)) throw error;
    return !error.log.some((line) => line.includes("SPLIT_MODE_TENSOR not implemented"));
  }
  return true;
}

describe("--split-mode tensor", () => {
  it.each(answers)("is refused of $file as llama.cpp refuses it", async ({ file }) => {
    const path = writeArchitecture(folder, file);
    const refused = splitRefusal(modelOf(path), tensor, 2) !== null;
    expect(refused).toBe(!(await isImplemented(path)));
  });

  it("is refused without a device, with the way out", () => {
    const { model } = sparseModel(folder, "toy", toy, mixedTypes(toy, "q8_0"));
    expect(splitRefusal(model, tensor, 0)).toMatch(/needs a GPU.*use layer/u);
    expect(splitRefusal(model, tensor, 1)).toBeNull();
    expect(splitRefusal(model, tensor, 2)).toBeNull();
  });

  it("is refused where rows are one block, of which llama.cpp cuts nothing and writes beyond it", () => {
    const { model } = sparseModel(folder, "block", glm4MoeToy, mixedTypes(glm4MoeToy, "q4_K"));
    expect(splitRefusal(model, tensor, 2)).toMatch(/can't cut blk\.\d+\.\S+ for 2 devices/u);
  });
});

describe("--split-mode row", () => {
  it("is refused on every device, since none of their backends has it any more", () => {
    const { model } = sparseModel(folder, "rows", toy, mixedTypes(toy, "q8_0"));
    const row = { splitMode: "row", tensorSplit: [], tensorOverrides: [] } as const;
    expect(splitRefusal(model, row, 1)).toMatch(/SYCL.*use tensor/u);
    expect(splitRefusal(model, row, 0)).toBeNull();
  });
});
