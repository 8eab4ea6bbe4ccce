import { describe, expect, it } from "vitest";
import { architectureFiles } from "../../scripts/bench/architectures.mjs";
import { llamaCppArchitectures, llamaCppRelease } from "../../src/gguf/llamaCppArchitectures.ts";
import { requireLoadable } from "../../src/gguf/loadable.ts";
import type { Scalar } from "../../src/gguf/readMetadata.ts";
import { readArchitecture } from "../fit/architectures/headers.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const folder = temporaryFolder();

const toyKeys: Readonly<Record<string, Scalar>> = {
  "general.architecture": "mamba",
  "mamba.context_length": 512,
  "mamba.embedding_length": 64,
  "mamba.block_count": 4,
  "tokenizer.ggml.model": "no_vocab",
};

const tensor = { name: "token_embd.weight", dims: [64, 128], type: "f32", offset: 0, bytes: 1 };

function refusal(changed: Readonly<Record<string, Scalar | undefined>>): string {
  const keys = Object.entries({ ...toyKeys, ...changed });
  const metadata = new Map(
    keys.flatMap(([key, value]): [string, Scalar][] => (value === undefined ? [] : [[key, value]])),
  );
  try {
    requireLoadable("x.gguf", { metadata, tensors: [{ ...tensor, type: "f32" }] });
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("a header that llama.cpp loads", () => {
  it("is each of the 110 that its own test makes", () => {
    for (const file of architectureFiles) {
      expect(() => requireLoadable(file, readArchitecture(folder, file))).not.toThrow();
    }
  });
});

describe("a header that llama.cpp refuses", () => {
  it("is refused by the release's name", () => {
    expect(refusal({})).toBe("");
    expect(refusal({ "general.architecture": "qwen9" })).toMatch(
      `llama.cpp ${llamaCppRelease}, which llmbench measures with, doesn't know its architecture "qwen9"`,
    );
    expect(refusal({ "general.architecture": undefined })).toMatch(/no general\.architecture/);
  });

  it("lacks what every model states", () => {
    expect(refusal({ "mamba.block_count": undefined })).toMatch(/lacks mamba\.block_count/);
    expect(refusal({ "tokenizer.ggml.model": undefined })).toMatch(/lacks a vocabulary/);
    expect(refusal({ "tokenizer.ggml.model": "llama" })).toMatch(/lacks tokens/);
    expect(refusal({ "tokenizer.ggml.model": "gpt2" })).toMatch(/lacks the merges/);
  });

  it("states what can't be", () => {
    expect(refusal({ "mamba.block_count": 513 })).toMatch(/block_count 513.* 1 to 512/);
    expect(refusal({ "mamba.nextn_predict_layers": 5 })).toMatch(/nextn_predict_layers 5 of 4/);
    expect(refusal({ "mamba.expert_count": 8 })).toMatch(/expert_used_count 0 of 8 experts/);
  });

  it("is of another file than a model's", () => {
    expect(refusal({ "general.type": "imatrix" })).toMatch(/an importance matrix/);
    expect(refusal({ "general.type": "mmproj" })).toMatch(/a projector of images or sound/);
    expect(refusal({ "general.architecture": "clip" })).toMatch(/name the model's own file/);
    expect(refusal({ "general.architecture": "controlvector" })).toMatch(/a control vector/);
  });
});

describe("the architectures of the release", () => {
  it("are those of its source that it can load", () => {
    // LLM_ARCH_NAMES has 147 names; it makes no model of gptj and clip.
    expect(llamaCppArchitectures.size).toBe(146);
    expect(llamaCppArchitectures.has("gptj")).toBe(false);
  });
});
