import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { LlmbenchError } from "../../src/errors.ts";
import { quantizationOf } from "../../src/gguf/headerFacts.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { quantizationNames } from "../../src/gguf/quantizations.ts";
import type { Quantization } from "../../src/gguf/quantizations.ts";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import { emptyCache, listCached } from "../../src/models/cachedFiles.ts";
import { llamaTensorTypes } from "../engines/tensorTypes.ts";
import { ensureSyntheticFile, writeSyntheticFile } from "../../src/models/syntheticFile.ts";
import { partPath } from "../../src/models/syntheticParts.ts";
import { planSyntheticFile } from "../../src/models/syntheticPlan.ts";
import { syntheticMarkOf } from "../../src/models/syntheticRecipe.ts";
import {
  gemma3Toy,
  glm4MoeToy,
  gptOssToy,
  groupedToy,
  llamaMoeToy,
  oddWidthToy,
  qwen3MoeToy,
  qwen3Toy,
  toy,
} from "../gguf/shapes.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { checkedLoad, fewTokens } from "./shortRun.ts";

const root = temporaryFolder();
const child = new LlamaChild("cpu");
afterAll(async () => child.close());
const ask = await llamaTensorTypes();

function question(cache: string, quantization: Quantization = "q4_0", shape: ModelShape = toy) {
  const cacheDir = join(root, cache);
  return { modelId: "toy", shape, quantization, cacheDir, engineVersion: "test", ask };
}

const foreign = { qwen3MoeToy, gptOssToy, glm4MoeToy, gemma3Toy, llamaMoeToy };

/** One of each kind. */
const someQuantizations = ["iq2_xs", "mxfp4_moe", "q4_0", "q4_k_m", "f16"] as const;

const folderOf = (cache: string) => join(root, cache, "synthetic");

describe("every quantization loads, passes llama.cpp's check of tensors, gives finite logits with spread", () => {
  const shapes = { toy, groupedToy, oddWidthToy, qwen3Toy, ...foreign };
  test.each(Object.entries(shapes))("%s", async (name, shape) => {
    const path = join(root, `${name}.gguf`);
    const all = !Object.hasOwn(foreign, name);
    for (const quantization of all ? quantizationNames : someQuantizations) {
      const plan = await planSyntheticFile(question("load", quantization, shape));
      await writeSyntheticFile(path, plan);
      const loaded = await child.request({ ...checkedLoad, path });
      expect([quantization, loaded.value.model_size]).toEqual([quantization, plan.tensorBytes]);
      // The child refuses logits that are not finite, or all the same.
      await child.request(fewTokens);
    }
  });
});

test.each(Object.entries(foreign))("%s is recognised by its header", async (name, shape) => {
  const { path } = await ensureSyntheticFile(question(`recognise-${name}`, "mxfp4_moe", shape));
  const header = readGgufHeader(path);
  const { rope, norm_epsilon, ...sizes } = shape;
  expect(shapeOf(header)).toMatchObject({
    ...sizes,
    norm_epsilon: Math.fround(norm_epsilon),
    rope: { freq_base: rope.freq_base },
  });
  expect(quantizationOf(header)).toBe("mxfp4_moe");
});

test("a file says what it is made of", async () => {
  const file = await ensureSyntheticFile(question("marks", "q4_k_m", qwen3Toy));
  const header = readGgufHeader(file.path);
  expect(file.bytes).toBe(header.fileBytes);
  expect(quantizationOf(header)).toBe("q4_k_m");
  expect(shapeOf(header)).toMatchObject({ architecture: "qwen3", head_size: 128 });
  expect(syntheticMarkOf(header)).toEqual({
    digest: file.recipeDigest,
    model: "toy",
    quantization: "q4_k_m",
    headerOf: null,
  });
});

test("a whole file of the same recipe is used again, another recipe has a file of its own", async () => {
  const first = await ensureSyntheticFile(question("again"));
  expect(first.reused).toBe(false);
  expect(await ensureSyntheticFile(question("again"))).toEqual({ ...first, reused: true });
  const other = await ensureSyntheticFile({ ...question("again"), modelId: "other" });
  expect(other.path).not.toBe(first.path);
});

test("a file that was cut short is made again, the same byte for byte", async () => {
  const { path, bytes } = await ensureSyntheticFile(question("cut"));
  const whole = readFileSync(path);
  truncateSync(path, bytes - 1);
  expect(await ensureSyntheticFile(question("cut"))).toMatchObject({ path, reused: false });
  expect(readFileSync(path).equals(whole)).toBe(true);
});

test("progress counts up to the file's size", async () => {
  const seen: (readonly [number, number])[] = [];
  const onProgress = (done: number, total: number) => void seen.push([done, total]);
  const { bytes } = await ensureSyntheticFile({ ...question("progress", "f32"), onProgress });
  expect(seen.at(-1)).toEqual([bytes, bytes]);
  expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
});

test("an interrupted write leaves nothing behind", async () => {
  const abort = new AbortController();
  const onProgress = () => abort.abort(new Error("interrupted"));
  const making = ensureSyntheticFile({
    ...question("abort", "f32"),
    onProgress,
    signal: abort.signal,
  });
  await expect(making).rejects.toThrow("interrupted");
  expect(readdirSync(folderOf("abort"))).toEqual([]);
});

test("processes that make the same file at once don't disturb each other", async () => {
  const files = await Promise.all([1, 2, 3].map(() => ensureSyntheticFile(question("race"))));
  expect(new Set(files.map(({ path }) => path)).size).toBe(1);
  expect(readdirSync(folderOf("race"))).toHaveLength(1);
  expect(readGgufHeader(files[0]?.path ?? "").fileBytes).toBe(files[0]?.bytes);
});

test("what a killed process left is removed, what a living one writes is not", async () => {
  const { path } = await ensureSyntheticFile(question("stale"));
  const plan = await planSyntheticFile(question("stale", "q8_0"));
  const living = partPath(plan.path);
  // Process ids end at 2^22 on Linux and below on other systems.
  const dead = living.replace(`-${process.pid}-`, "-99999999-");
  writeFileSync(living, "");
  writeFileSync(dead, "");
  await ensureSyntheticFile(question("stale", "q8_0"));
  expect(existsSync(dead)).toBe(false);
  expect(existsSync(living)).toBe(true);
  expect(existsSync(path)).toBe(true);
});

describe("says what can be done", () => {
  test("where the disk is too small", async () => {
    const plan = await planSyntheticFile(question("space"));
    const huge = { ...plan, fileBytes: 2 ** 60 };
    const writing = writeSyntheticFile(plan.path, huge);
    await expect(writing).rejects.toThrow(LlmbenchError);
    await expect(writing).rejects.toThrow(
      /need .*, and 256\.00 MiB that stay free; .* are free; .*LLMBENCH_CACHE/,
    );
  });

  test("where the folder can't be made", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(ensureSyntheticFile(question("file"))).rejects.toThrow(
      /could not write .*: a file stands where a folder is needed/,
    );
  });
});

test("the cache lists and removes what llmbench made, and nothing else", async () => {
  const { path, bytes } = await ensureSyntheticFile(question("list"));
  const theirs = join(folderOf("list"), "foreign.gguf");
  writeFileSync(theirs, "GGUF");
  const cacheDir = join(root, "list");
  expect(await listCached(cacheDir)).toMatchObject([
    { path, bytes, model: "toy", quantization: "q4_0" },
  ]);
  expect(await emptyCache(cacheDir)).toEqual({ files: 1, bytes });
  expect(existsSync(path)).toBe(false);
  expect(existsSync(theirs)).toBe(true);
  expect(await listCached(join(root, "nowhere"))).toEqual([]);
});
