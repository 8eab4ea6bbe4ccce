import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { localCopy } from "../../../src/models/local/localCopy.ts";
import { findLocal, forgetLocal, localWeights } from "../../../src/models/local/localModels.ts";
import { resolveModel } from "../../../src/models/resolveModel.ts";
import { variantOf } from "../../../src/plan/variant.ts";
import { emptyHome, hubCopy, ollamaCopy, toyFile } from "./places.ts";

let home: string;
let cache: string;

beforeEach(() => {
  home = emptyHome();
  cache = join(home, "cache");
  vi.stubEnv("HOME", home);
  vi.stubEnv("USERPROFILE", home);
  for (const name of [
    "HF_HOME",
    "HF_HUB_CACHE",
    "XDG_CACHE_HOME",
    "OLLAMA_MODELS",
    "LLAMA_CACHE",
  ]) {
    vi.stubEnv(name, undefined);
  }
  forgetLocal();
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const pulled = (file: string) => join(cache, "real/hf/lab/toy-GGUF", file);

describe("real weights on disk", () => {
  it("are found in every usual place, and recognised by their headers", () => {
    toyFile(pulled("toy-Q4_0.gguf"), "q4_0");
    hubCopy(home, "lab/toy-GGUF", "toy-Q8_0.gguf", "q8_0");
    toyFile(join(home, ".node-llama-cpp/models/hf_lab_toy-Q6_K.gguf"), "q6_k");
    toyFile(join(home, ".lmstudio/models/lab/toy-GGUF/toy-F16.gguf"), "f16");
    ollamaCopy(home, "toy", "latest", "q5_k_m");
    const { models, broken } = localWeights(cache);
    expect(models.map(({ id, quantization, owner }) => [id, quantization, owner])).toEqual([
      ["toy-4m", "q4_0", "llmbench"],
      ["toy-4m", "q8_0", "Hugging Face"],
      ["toy-4m", "q6_k", "node-llama-cpp"],
      ["toy-4m", "f16", "LM Studio"],
      ["toy-4m", "q5_k_m", "Ollama"],
    ]);
    expect(models[0]).toMatchObject({ architecture: "llama", parameters: 4_196_608 });
    expect(broken).toEqual([]);
  });

  it("may be anywhere that the programs' own variables say", () => {
    const elsewhere = join(home, "elsewhere");
    hubCopy(elsewhere, "lab/toy-GGUF", "toy-Q8_0.gguf", "q8_0");
    ollamaCopy(elsewhere, "toy", "latest", "q5_k_m");
    expect(localWeights(cache).models).toEqual([]);
    vi.stubEnv("HF_HOME", join(elsewhere, ".cache/huggingface"));
    vi.stubEnv("OLLAMA_MODELS", join(elsewhere, ".ollama/models"));
    expect(localWeights(cache).models.map(({ owner }) => owner)).toEqual([
      "Hugging Face",
      "Ollama",
    ]);
  });

  it("that are broken are named and don't hide the others", () => {
    const folder = join(home, ".node-llama-cpp/models");
    toyFile(join(folder, "whole.gguf"), "q4_0");
    truncateSync(toyFile(join(folder, "cut.gguf"), "q4_0"), 5000);
    writeFileSync(join(folder, "text.gguf"), "not a model, but long enough to be read as one");
    writeFileSync(join(folder, "half.gguf.part"), "on its way");
    toyFile(join(folder, "parts-00002-of-00002.gguf"), "q4_0");
    mkdirSync(join(folder, "folder.gguf"));
    mkdirSync(join(home, ".ollama/models/manifests/registry.ollama.ai/library/toy"), {
      recursive: true,
    });
    writeFileSync(join(home, ".ollama/models/manifests/registry.ollama.ai/library/toy/bad"), "{");
    const { models, broken } = localWeights(cache);
    expect(models.map(({ path }) => path)).toEqual([join(folder, "whole.gguf")]);
    expect(broken.map(({ path, problem }) => [path.slice(folder.length + 1), problem])).toEqual([
      ["cut.gguf", expect.stringMatching(/truncated|within its header/)],
      ["text.gguf", expect.stringMatching(/doesn't begin with GGUF/)],
    ]);
  });

  it("are used where a model of the catalogue has that very quantization, and left as they are", async () => {
    const path = ollamaCopy(home, "toy", "latest", "q4_0");
    const before = readFileSync(path);
    const context = {
      choice: "auto" as const,
      cacheDir: cache,
      enginePackage: "",
      ask: () => Promise.reject(new Error("synthetic weights were wanted")),
    };
    const { weights } = await variantOf(resolveModel("toy-4m"), "q4_0", context);
    expect(weights).toMatchObject({ kind: "real", opened: path });
    await expect(variantOf(resolveModel("toy-4m"), "q8_0", context)).rejects.toThrow(
      /synthetic weights were wanted/,
    );
    await expect(
      variantOf(resolveModel("toy-4m"), "q4_0", { ...context, choice: "synthetic" }),
    ).rejects.toThrow(/synthetic weights were wanted/);
    await expect(
      variantOf(resolveModel("toy-4m"), "q8_0", { ...context, choice: "real" }),
    ).rejects.toThrow(
      /no file of toy-4m q8_0 is on disk; get it with llmbench pull toy-4m --quant q8_0/,
    );
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("of another name or shape are no model of the catalogue", () => {
    toyFile(join(home, ".node-llama-cpp/models/tuned.gguf"), "q4_0", "Tuned Toy 4M");
    expect(findLocal("toy-4m", "q4_0", cache)).toBeNull();
  });
});

describe("a remote spec's copy", () => {
  it("is found where its repository's files are kept, whoever pulled them", () => {
    const spec = "hf:lab/toy-GGUF:Q4_0";
    expect(localCopy(spec, null, cache)).toBeNull();
    const link = hubCopy(home, "lab/toy-GGUF", "toy-Q4_0.gguf", "q4_0");
    expect(localCopy(spec, null, cache)).toBe(link);
    const own = toyFile(pulled("toy-Q4_0.gguf"), "q4_0");
    expect(localCopy(spec, null, cache)).toBe(own);
    expect(localCopy("hf:lab/toy-GGUF/toy-Q4_0.gguf", null, cache)).toBe(own);
    expect(localCopy("hf:lab/toy-GGUF:Q8_0", null, cache)).toBeNull();
    expect(localCopy("hf:other/toy-GGUF:Q4_0", null, cache)).toBeNull();
  });

  it("isn't there while a part of a split model is missing", () => {
    const first = toyFile(pulled("toy-Q8_0-00001-of-00002.gguf"), "q8_0");
    expect(localCopy("hf:lab/toy-GGUF:Q8_0", null, cache)).toBeNull();
    toyFile(pulled("toy-Q8_0-00002-of-00002.gguf"), "q8_0");
    expect(localCopy("hf:lab/toy-GGUF:Q8_0", null, cache)).toBe(first);
  });

  it("makes the spec a model file", () => {
    vi.stubEnv("LLMBENCH_CACHE", cache);
    expect(() => resolveModel("hf:lab/toy-GGUF:Q4_0")).toThrow(
      "hf:lab/toy-GGUF:Q4_0 is not on disk; llmbench pull hf:lab/toy-GGUF:Q4_0 downloads it",
    );
    const path = toyFile(pulled("toy-Q4_0.gguf"), "q4_0");
    expect(resolveModel("hf:lab/toy-GGUF:Q4_0")).toMatchObject({
      kind: "file",
      path,
      id: "toy-4m",
      quantization: "q4_0",
    });
  });
});
