import { describe, expect, it } from "vitest";
import { attentionCacheBytes, stateBytes } from "../../../src/fit/caches/cacheBytes.ts";
import { fileMemoryModel } from "../../../src/fit/fileMemoryModel.ts";
import { shapeOf } from "../../../src/gguf/shapeOfHeader.ts";
import { temporaryFolder } from "../../gguf/temporaryFolder.ts";
import { answers, readArchitecture } from "./headers.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;

/** The log rounds to it. */
const printedMib = 0.01;

const settings = {
  nCtx: 4096,
  nBatch: 2048,
  nUbatch: 512,
  typeK: "f16",
  typeV: "f16",
  flashAttn: "auto",
} as const;

describe("KV cache and state by the header alone are those that llama.cpp prints", () => {
  it.each(answers)("of $file", ({ file, kvMib, stateMib }) => {
    const gguf = readArchitecture(folder, file);
    const model = fileMemoryModel(gguf, shapeOf(gguf) ?? null);
    if (model === null) throw new Error("a header that tells nothing");
    const { attention, state } = model.caches;
    const kvBytes = attention.reduce((sum, cache) => sum + attentionCacheBytes(cache, settings), 0);
    expect(Math.abs(kvBytes / mib - kvMib)).toBeLessThanOrEqual(printedMib);
    expect(Math.abs(stateBytes(state) / mib - stateMib)).toBeLessThanOrEqual(printedMib);
  });
});
