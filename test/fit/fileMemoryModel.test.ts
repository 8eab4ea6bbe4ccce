import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import { encodeHeader, placeTensors, type MetadataEntry } from "../../src/gguf/writeHeader.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { plainSettings } from "./sparseModel.ts";

const folder = temporaryFolder();

/** A mixture of eight experts, of which a token uses two. */
function mixture(name: string, entries: readonly MetadataEntry[]) {
  const path = join(folder, `${name}.gguf`);
  const tensors = placeTensors([
    { name: "token_embd.weight", dims: [64, 100], type: "f16" },
    { name: "blk.0.ffn_up_exps.weight", dims: [64, 128, 8], type: "f16" },
    { name: "blk.1.ffn_up_exps.weight", dims: [64, 128, 8], type: "f16" },
    { name: "output.weight", dims: [64, 100], type: "f16" },
  ]);
  const last = tensors.at(-1);
  const header = encodeHeader(entries, tensors);
  writeFileSync(
    path,
    Buffer.concat([header, Buffer.alloc((last?.offset ?? 0) + (last?.bytes ?? 0))]),
  );
  const gguf = readGgufModel(path);
  return fileMemoryModel(gguf, shapeOf(gguf) ?? null);
}

const u32 = (key: string, value: number): MetadataEntry => ({
  key: `mix.${key}`,
  type: "u32",
  value,
});

const entries: readonly MetadataEntry[] = [
  { key: "general.architecture", type: "string", value: "mix" },
  u32("block_count", 2),
  u32("embedding_length", 64),
  u32("feed_forward_length", 128),
  u32("context_length", 1024),
  u32("attention.head_count", 4),
  { key: "mix.attention.head_count_kv", type: "i32[]", value: [1, 2] },
  u32("expert_used_count", 2),
];

describe("a file of an architecture that llmbench doesn't know", () => {
  it("has exact weights, and a shape that resembles it", () => {
    const model = mixture("mixture", entries);
    expect(model).toMatchObject({
      known: false,
      shape: { n_layers: 2, n_ff: 256, n_kv_heads: 2, tied_embeddings: false },
    });
    expect(model?.weightsBytes).toBe(2 * (2 * 64 * 100 + 2 * 64 * 128 * 8));
  });

  it("keeps the experts of the first layers on the host as asked", () => {
    const model = mixture("experts", entries);
    if (model === null) throw new Error("no model");
    const device = { name: "CUDA0", freeBytes: 2 ** 30 };
    const at = (nCpuMoe: number) =>
      predictMemory(model, { ...plainSettings, gpuLayers: 3, nCpuMoe }, [device]);
    const expertBytes = 2 * 64 * 128 * 8;
    expect(at(0).host.weightsBytes).toBe(2 * 64 * 100);
    expect(at(1).host.weightsBytes).toBe(2 * 64 * 100 + expertBytes);
    expect(at(2).devices[0]?.weightsBytes).toBe(2 * 64 * 100);
  });

  it("does not hold the layers that predict further tokens", () => {
    const model = mixture("nextn", [...entries, u32("nextn_predict_layers", 1)]);
    expect(model?.shape.n_layers).toBe(1);
    expect(model?.tensors.map(({ name }) => name)).not.toContain("blk.1.ffn_up_exps.weight");
    expect(model?.weightsBytes).toBe(2 * (2 * 64 * 100 + 2 * 64 * 128 * 8));
  });

  it("has no model where the header tells no widths", () => {
    expect(mixture("mute", entries.slice(0, 2))).toBeNull();
  });
});
