import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fileMemoryModel } from "../../src/fit/fileMemoryModel.ts";
import { predictMemory } from "../../src/fit/predictMemory.ts";
import { readGgufModel } from "../../src/gguf/splitFile.ts";
import {
  encodeHeader,
  placeTensors,
  type MetadataEntry,
  type TypedTensor,
} from "../../src/gguf/writeHeader.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { plainSettings } from "./sparseModel.ts";

const folder = temporaryFolder();
const mib = 2 ** 20;

const common = {
  vocab_size: 1000,
  context_length: 8192,
  embedding_length: 512,
  feed_forward_length: 1024,
  "attention.head_count": 4,
  "attention.head_count_kv": 4,
};

function modelOf(
  architecture: string,
  keys: Readonly<Record<string, number | readonly number[]>>,
  tensors: readonly TypedTensor[] = [],
) {
  const path = join(folder, `${architecture}.gguf`);
  const entries = Object.entries(keys).map(([key, value]): MetadataEntry =>
    typeof value === "number"
      ? { key: `${architecture}.${key}`, type: "u32", value }
      : { key: `${architecture}.${key}`, type: "i32[]", value },
  );
  const placed = placeTensors(tensors);
  const last = placed.at(-1);
  const header = encodeHeader(
    [{ key: "general.architecture", type: "string", value: architecture }, ...entries],
    placed,
  );
  const data = Buffer.alloc(last === undefined ? 0 : last.offset + last.bytes);
  writeFileSync(path, Buffer.concat([header, data]));
  const model = fileMemoryModel(readGgufModel(path), null);
  if (model === null) throw new Error("a header that tells nothing");
  return model;
}

/** Of one layer: 4096 cells of 512 elements of K and V in F16. */
const layerMib = 8;

function kvMib(model: ReturnType<typeof modelOf>, gpuLayers: number): number[] {
  const device = { name: "CUDA0", freeBytes: 2 ** 34 };
  const settings = { ...plainSettings, nCtx: 4096, gpuLayers };
  const { devices, host } = predictMemory(model, settings, [device]);
  return [...devices, host].map(({ kvBytes }) => kvBytes / mib);
}

describe("layers that only predict further tokens", () => {
  const model = modelOf("glm4moe", { ...common, block_count: 5, nextn_predict_layers: 1 });

  it("are placed with the others, behind the last one", () => {
    expect(model.placedLayers).toBe(5);
    expect(model.shape.n_layers).toBe(4);
  });

  it("have a cache, which is the first to move to a device", () => {
    // The output layer, and then the layer behind the last.
    expect(kvMib(model, 2)).toEqual([layerMib, 4 * layerMib]);
    expect(kvMib(model, 6)).toEqual([5 * layerMib, 0]);
  });

  it("have none where the architecture's context leaves them out", () => {
    const without = modelOf("hy_v3", { ...common, block_count: 5, nextn_predict_layers: 1 });
    expect(kvMib(without, 2)).toEqual([0, 4 * layerMib]);
  });
});

describe("caches in part on a device", () => {
  it("are those of the layers there: windows and recurrences count as what they are", () => {
    const hybrid = modelOf("qwen35", {
      ...common,
      block_count: 8,
      full_attention_interval: 4,
      "ssm.conv_kernel": 4,
      "ssm.inner_size": 1024,
      "ssm.state_size": 128,
      "ssm.group_count": 2,
      "ssm.time_step_rank": 8,
    });
    // Layers 3 and 7 attend; layer 7 is the last.
    expect(kvMib(hybrid, 2)).toEqual([layerMib, layerMib]);
    expect(kvMib(hybrid, 5)).toEqual([layerMib, layerMib]);
    expect(kvMib(hybrid, 6)).toEqual([2 * layerMib, 0]);
  });

  it("keep recurrent state on the host with --no-kv-offload, as llama.cpp does", () => {
    const mamba = modelOf("mamba", {
      ...common,
      block_count: 2,
      "attention.head_count": 0,
      "ssm.conv_kernel": 4,
      "ssm.inner_size": 1024,
      "ssm.state_size": 16,
      "ssm.time_step_rank": 32,
    });
    const device = { name: "CUDA0", freeBytes: 2 ** 34 };
    const at = (noKvOffload: boolean) =>
      predictMemory(mamba, { ...plainSettings, gpuLayers: 3, noKvOffload }, [device]);
    const bytes = 2 * 4 * (3 * 1024 + 16 * 1024);
    expect(at(false).devices[0]?.stateBytes).toBe(bytes);
    expect(at(true).host.stateBytes).toBe(bytes);
    expect(at(true).kvBytes).toBe(0);
  });

  it("of one key and value a token where the header knows latent heads, else of each head", () => {
    const keys = {
      ...common,
      block_count: 2,
      "attention.head_count": 16,
      "attention.kv_lora_rank": 512,
    };
    const latent = modelOf("deepseek2", {
      ...keys,
      "attention.head_count_kv": 1,
      "attention.key_length": 576,
      "attention.value_length": 512,
      "attention.key_length_mla": 192,
      "attention.value_length_mla": 128,
    });
    const old = modelOf("deepseek2", {
      ...keys,
      "attention.head_count_kv": 16,
      "attention.key_length": 192,
      "attention.value_length": 128,
    });
    expect(kvMib(latent, 0)[1]).toBe((2 * 4096 * 2 * 576) / mib);
    expect(kvMib(old, 0)[1]).toBe((2 * 4096 * 2 * 16 * (192 + 128)) / mib);
  });
});

describe("tensors of no layer", () => {
  const model = modelOf("gemma3n", { ...common, block_count: 2, "attention.sliding_window": 512 }, [
    { name: "token_embd.weight", dims: [512, 1000], type: "f16" },
    { name: "per_layer_token_embd.weight", dims: [512, 4000], type: "f16" },
    { name: "per_layer_model_proj.weight", dims: [512, 2000], type: "f16" },
    { name: "blk.0.attn_q.weight", dims: [512, 512], type: "f16" },
    { name: "blk.1.attn_q.weight", dims: [512, 512], type: "f16" },
    { name: "output.weight", dims: [512, 1000], type: "f16" },
  ]);
  const deviceBytes = (gpuLayers: number) => {
    const device = { name: "CUDA0", freeBytes: 2 ** 34 };
    const { devices } = predictMemory(model, { ...plainSettings, gpuLayers }, [device]);
    return devices[0]?.weightsBytes;
  };
  const row = 2 * 512;

  it("stay on the host where they are inputs, those of each layer too", () => {
    expect(deviceBytes(3)).toBe(row * (1000 + 512 + 512 + 2000));
  });

  it("are placed with the first layer where they prepare what it reads", () => {
    expect(deviceBytes(2)).toBe(row * (1000 + 512));
  });
});
