import {
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
  closeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readGgufHeader } from "../../../src/gguf/readHeader.ts";
import { LlamaChild } from "../../../src/engines/llamacpp/llamaChild.ts";
import { toyWeights } from "../toyWeights.ts";
import { hasVulkan } from "../vulkan.ts";

const folder = mkdtempSync(join(tmpdir(), "llmbench-logits-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function errorOf(device: "cpu" | "vulkan", path: string, referencePath = path) {
  const child = new LlamaChild(device);
  try {
    const request = { type: "logits", path, referencePath, nThreads: 1 } as const;
    return (await child.request(request)).value.nmse;
  } finally {
    await child.close();
  }
}

/** The same model, but for one matrix, whose blocks stand in another order. */
function withShuffledTensor(path: string, name: string): string {
  const { tensors, dataOffset } = readGgufHeader(path);
  const tensor = tensors.find((one) => one.name === name);
  if (tensor === undefined) throw new Error(`no ${name}`);
  const copy = join(folder, "shuffled.gguf");
  copyFileSync(path, copy);
  const start = dataOffset + tensor.offset;
  const bytes = readFileSync(path).subarray(start, start + tensor.bytes);
  const block = 18;
  const shuffled = Buffer.concat([bytes.subarray(block), bytes.subarray(0, block)]);
  const file = openSync(copy, "r+");
  writeSync(file, shuffled, 0, shuffled.length, start);
  closeSync(file);
  return copy;
}

describe("logits of the device and of the CPU", () => {
  it("are the same on one device", async () => {
    expect(await errorOf("cpu", await toyWeights())).toBe(0);
  });

  it.runIf(hasVulkan)("agree on the software Vulkan device", async () => {
    const error = await errorOf("vulkan", await toyWeights());
    expect(error).toBeGreaterThan(0);
    expect(error).toBeLessThan(1e-3);
  });

  it.runIf(hasVulkan)(
    "of other weights are far apart, and of one matrix that is wrong too",
    async () => {
      const path = await toyWeights();
      expect(await errorOf("vulkan", path, await toyWeights("q8_0"))).toBeGreaterThan(0.1);
      expect(
        await errorOf("vulkan", withShuffledTensor(path, "blk.1.ffn_down.weight"), path),
      ).toBeGreaterThan(1e-2);
    },
  );
});
