import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { askThrough } from "../../src/engines/llamacpp/askTensorTypes.ts";
import { LlamaChild } from "../../src/engines/llamacpp/llamaChild.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import { readGgufHeader } from "../../src/gguf/readHeader.ts";
import { shapeOf } from "../../src/gguf/shapeOfHeader.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { catalogue } from "../../src/models/catalogue.ts";
import { writeSyntheticFile } from "../../src/models/syntheticFile.ts";
import { planSyntheticFile } from "../../src/models/syntheticPlan.ts";
import { temporaryFolder } from "../gguf/temporaryFolder.ts";
import { fewLayers } from "./fewLayers.ts";
import { checkedLoad, fewTokens } from "./shortRun.ts";

const root = temporaryFolder();
const child = new LlamaChild("cpu");
afterAll(async () => child.close());
const ask = askThrough(child);

/** One model of each shape; those of toys and of Llama are tried elsewhere in every quantization. */
const models = catalogue().models.filter(({ id }) => !/^(?:toy|tinyllama|llama-[23])/.test(id));
const path = join(root, "model.gguf");

describe("with few layers each model of the catalogue is made, loads, and computes finite logits", () => {
  test.each(models.map(({ id, shape }) => [id, fewLayers(shape)] as const))(
    "%s",
    async (id, shape) => {
      const plan = await planSyntheticFile({
        modelId: id,
        shape,
        quantization: "q4_0",
        cacheDir: root,
        engineVersion: "test",
        ask,
      });
      try {
        await writeSyntheticFile(path, plan);
        const loaded = await child.request({ ...checkedLoad, path });
        expect(loaded.value.model_size).toBe(plan.tensorBytes);
        await child.request(fewTokens);
        expect(recognised(path)).toEqual(sizesOf(shape));
      } finally {
        rmSync(path, { force: true });
      }
    },
  );
});

function recognised(file: string): unknown {
  const shape = shapeOf(readGgufHeader(file));
  return shape && sizesOf(shape);
}

/** What decides tensors, caches and work. */
function sizesOf(shape: ModelShape) {
  const { n_heads, n_kv_heads, head_size, n_ctx_train, sliding_window } = shape;
  return {
    n_heads,
    n_kv_heads,
    head_size,
    n_ctx_train,
    sliding_window,
    tensors: tensorTable(shape),
  };
}
