import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { modelQuantizations } from "../../src/models/modelQuantizations.ts";
import { resolveModel } from "../../src/models/resolveModel.ts";
import { writeHeaderFile } from "./headerFile.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "llmbench resolve "));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function shapeOf(id: string): ModelShape {
  const model = catalogue().find(id);
  if (model === undefined) throw new Error(id);
  return model.shape;
}

describe("a model spec", () => {
  it("is an id or alias of the catalogue, any case", () => {
    expect(resolveModel("7B")).toMatchObject({ kind: "catalogue", id: "llama-2-7b", spec: "7B" });
  });

  it("may be a description of the user's own", () => {
    const path = join(folder, "own.yaml");
    const { llama3_scaling: _, ...rope } = shapeOf("toy-4m").rope;
    writeFileSync(
      path,
      JSON.stringify({ id: "own", name: "Own", shape: { ...shapeOf("toy-4m"), rope } }),
    );
    expect(resolveModel(path)).toMatchObject({ kind: "yaml", id: "own", shape: { n_embd: 256 } });
  });

  it("can't give another shape an id of the catalogue", () => {
    const path = join(folder, "imposter.yaml");
    writeFileSync(path, JSON.stringify({ id: "llama-2-7b", name: "No", shape: shapeOf("toy-4m") }));
    expect(() => resolveModel(path)).toThrow(
      /imposter\.yaml: id: llama-2-7b means a model of the catalogue/,
    );
  });

  it("that nobody knows is answered with what may have been meant", () => {
    expect(() => resolveModel("lama-2-7b")).toThrow(
      /^unknown model "lama-2-7b" \(did you mean llama-2-7b\?\)/,
    );
    expect(() => resolveModel("gpt-7")).toThrow(
      /^unknown model "gpt-7".*llmbench models lists them/,
    );
    expect(() => resolveModel("./weights.bin")).toThrow(
      /expected a file that ends in \.gguf or \.yaml/,
    );
    expect(() => resolveModel("gpt-7")).toThrow(expect.objectContaining({ code: "usage" }));
  });

  it("of Hugging Face that isn't on disk says how to get or to imitate it", () => {
    expect(() => resolveModel("hf:TheBloke/Llama-2-7B-GGUF:Q4_0")).toThrow(
      /^hf:TheBloke\/Llama-2-7B-GGUF:Q4_0 is not on disk; llmbench pull .* downloads it, --weights synthetic imitates it$/,
    );
  });

  it("of a file that isn't there or is none is refused", () => {
    writeFileSync(join(folder, "text.gguf"), "hello, this is not a model at all");
    expect(() => resolveModel(join(folder, "none.gguf"))).toThrow(
      expect.objectContaining({ code: "input" }),
    );
    expect(() => resolveModel(join(folder, "text.gguf"))).toThrow(
      expect.objectContaining({ code: "input" }),
    );
    expect(() => resolveModel(join(folder, "none.yaml"))).toThrow(/none\.yaml: no such file/);
  });
});

describe("a .gguf", () => {
  it.each([
    [
      "tinyllama-1.1b",
      "tinyllama-1.1b-chat-v1.0.Q4_0.gguf",
      "tinyllama_tinyllama-1.1b-chat-v1.0",
      "tinyllama-1.1b",
    ],
    ["llama-2-7b", "llama-2-7b.Q4_K_M.gguf", "LLaMA v2", "llama-2-7b"],
    ["llama-2-70b", "weights.gguf", "LLaMA v2", "llama-2-70b"],
    ["llama-3.1-8b", "x.gguf", "Meta Llama 3.1 8B Instruct", "llama-3.1-8b"],
    ["llama-3.1-70b", "x.gguf", "Llama 3.3 70B Instruct", "llama-3.3-70b"],
    ["llama-3.2-1b", "Llama-3.2-1B-Instruct-Q8_0.gguf", "model", "llama-3.2-1b"],
    ["mistral-7b", "x.gguf", "Mistral 7B Instruct v0.3", "mistral-7b"],
    ["mistral-small-24b", "x.gguf", "Mistral Small 24B Instruct 2501", "mistral-small-24b"],
    ["qwen3-8b", "Qwen3-8B-Q4_K_M.gguf", "Qwen3 8B", "qwen3-8b"],
    ["toy-4m", "x.gguf", "Toy 4M", "toy-4m"],
    // A fine-tune's shape alone doesn't make it the model.
    ["llama-3.1-8b", "x.gguf", "Hermes 3 Llama 3.1 8B", "hermes-3-llama-3.1-8b"],
    // Nor does its name.
    ["toy-4m", "llama-2-7b.gguf", "Llama 2 7B", "llama-2-7b-file"],
  ])("of %s's shape called %s, %s, is %s", (shape, file, name, id) => {
    const path = writeHeaderFile(join(folder, file), shapeOf(shape), name);
    expect(resolveModel(path)).toMatchObject({
      kind: "file",
      path,
      id,
      quantization: "q4_0",
      shape: { n_embd: shapeOf(shape).n_embd },
    });
    rmSync(path);
  });

  it("is measured at its own quantization, and no other may be asked for", () => {
    const path = writeHeaderFile(join(folder, "q8.gguf"), shapeOf("toy-4m"), "Toy 4M", "q8_0");
    const model = resolveModel(path);
    expect(
      modelQuantizations(model, { quantizations: ["q4_0"], quantizationsAsked: false }),
    ).toEqual(["q8_0"]);
    expect(
      modelQuantizations(model, { quantizations: ["q8_0"], quantizationsAsked: true }),
    ).toEqual(["q8_0"]);
    expect(() =>
      modelQuantizations(model, { quantizations: ["q8_0", "q4_0"], quantizationsAsked: true }),
    ).toThrow(/^--quant q4_0: .*q8\.gguf is q8_0, and a file has one; leave --quant out$/);
    expect(
      modelQuantizations(resolveModel("7b"), {
        quantizations: ["q4_0", "f16"],
        quantizationsAsked: true,
      }),
    ).toEqual(["q4_0", "f16"]);
  });
});
