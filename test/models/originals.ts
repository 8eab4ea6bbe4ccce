/** Small models to imitate: of experts, split over two files, and of an architecture that llmbench doesn't know. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import type { Quantization } from "../../src/gguf/quantizations.ts";
import { scalarTypes } from "../../src/gguf/metadataTypes.ts";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import {
  encodeHeader,
  placeTensors,
  type MetadataEntry,
  type PlacedTensor,
} from "../../src/gguf/writeHeader.ts";
import { planSyntheticFile } from "../../src/models/syntheticPlan.ts";
import { isMark } from "../../src/models/syntheticRecipe.ts";
import { writeSyntheticFile } from "../../src/models/syntheticFile.ts";
import type { AskTensorTypes } from "../../src/gguf/askTensorTypes.ts";
import { gemma3Toy, qwen3MoeToy, toy } from "../gguf/shapes.ts";

/** Wide enough that embeddings and experts weigh more than what is copied. */
const wide = { n_embd: 512, n_ff: 1536, n_vocab: 8192, n_layers: 3 } as const;

export const moe: ModelShape = {
  ...qwen3MoeToy,
  ...wide,
  experts: { count: 16, used: 2, n_ff: 512 },
};
export const gemma: ModelShape = { ...gemma3Toy, ...wide };
export const dense: ModelShape = { ...toy, ...wide, n_heads: 8, n_kv_heads: 2, n_ctx_train: 2048 };

export class Originals {
  private readonly folder: string;
  private readonly ask: AskTensorTypes;

  constructor(folder: string, ask: AskTensorTypes) {
    this.folder = folder;
    this.ask = ask;
  }

  /** Of llmbench's own making. */
  async whole(name: string, shape: ModelShape, quantization: Quantization): Promise<string> {
    const path = join(this.folder, `${name}.gguf`);
    const cacheDir = join(this.folder, "cache");
    const plan = await planSyntheticFile({
      modelId: name,
      shape,
      quantization,
      cacheDir,
      engineVersion: "test",
      ask: this.ask,
    });
    await writeSyntheticFile(path, plan);
    return path;
  }

  /** The first of two files. */
  async split(name: string, shape: ModelShape, quantization: Quantization): Promise<string> {
    const { tensors, entries, dataOf } = read(
      await this.whole(`${name}-whole`, shape, quantization),
    );
    const middle = Math.floor(tensors.length / 2);
    const parts = [tensors.slice(0, middle), tensors.slice(middle)];
    const paths = parts.map((part, index) => {
      const split = [
        u16("split.no", index),
        u16("split.count", 2),
        { key: "split.tensors.count", type: "i32" as const, value: tensors.length },
      ];
      const path = join(this.folder, `${name}-0000${index + 1}-of-00002.gguf`);
      write(path, index === 0 ? [...entries, ...split] : split, part, dataOf, 32);
      return path;
    });
    return paths[0] ?? "";
  }

  /**
   * Qwen 2: biases on queries, keys and values, which llmbench has no table for; with an alignment of its own.
   */
  async foreign(name: string, shape: ModelShape, quantization: Quantization): Promise<string> {
    const { tensors, entries, dataOf } = read(
      await this.whole(`${name}-whole`, shape, quantization),
    );
    const renamed = entries.map(({ key, type, value }) => {
      const bytes = Buffer.from(value as Uint8Array);
      const text = bytes.toString("latin1").replace(/llama(?=\.)/, "qwen2");
      return { key, type, value: Buffer.from(text, "latin1") } as MetadataEntry;
    });
    const others = renamed.filter(({ key }) => key !== "general.architecture");
    const biases = tensors
      .filter(({ name: tensor }) => /attn_[qkv]\.weight$/.test(tensor))
      .map((tensor) => ({
        name: tensor.name.replace("weight", "bias"),
        dims: [tensor.dims[1] ?? 1],
        type: "f32" as const,
      }));
    const path = join(this.folder, `${name}.gguf`);
    const data = (tensor: { name: string; dims: readonly number[] }) =>
      tensor.name.endsWith("bias")
        ? Buffer.from(Float32Array.from({ length: tensor.dims[0] ?? 0 }, (_, i) => i / 1e4).buffer)
        : dataOf(tensor);
    write(
      path,
      [
        { key: "general.architecture", type: "string", value: "qwen2" },
        u32("general.alignment", 128),
        ...others,
      ],
      [...tensors, ...biases],
      data,
      128,
    );
    return path;
  }
}

/** As llama.cpp's gguf-split writes them, and its loader insists. */
function u16(key: string, value: number): MetadataEntry {
  const bytes = Buffer.alloc(8 + key.length + 4 + 2);
  bytes.writeBigUInt64LE(BigInt(key.length));
  bytes.write(key, 8);
  bytes.writeUInt32LE(scalarTypes.u16.id, 8 + key.length);
  bytes.writeUInt16LE(value, 8 + key.length + 4);
  return { key, type: "copied", value: bytes };
}

const u32 = (key: string, value: number): MetadataEntry => ({ key, type: "u32", value });

type DataOf = (tensor: { name: string; dims: readonly number[] }) => Uint8Array;

function read(path: string) {
  const header = readGgufHeader(path);
  const bytes = readFileSync(path);
  const byName = new Map(header.tensors.map((tensor) => [tensor.name, tensor]));
  const entries = [...header.entrySpans]
    .filter(([key]) => !isMark(key))
    .map(([key, [start, end]]): MetadataEntry => {
      return { key, type: "copied", value: bytes.subarray(start, end) };
    });
  const dataOf: DataOf = ({ name }) => {
    const { offset = 0, bytes: length = 0 } = byName.get(name) ?? {};
    const start = header.dataOffset + offset;
    return bytes.subarray(start, start + length);
  };
  return { tensors: header.tensors, entries, dataOf };
}

function write(
  path: string,
  metadata: readonly MetadataEntry[],
  tensors: readonly Pick<PlacedTensor, "name" | "dims" | "type">[],
  dataOf: DataOf,
  alignment: number,
): void {
  const placed = placeTensors(
    tensors.map(({ name, dims, type }) => ({ name, dims, type })),
    alignment,
  );
  const header = encodeHeader(metadata, placed, alignment);
  const last = placed.at(-1);
  const data = Buffer.alloc(last ? last.offset + last.bytes : 0);
  for (const tensor of placed) data.set(dataOf(tensor), tensor.offset);
  writeFileSync(path, Buffer.concat([header, data]));
}
