// @ts-check
// `npm run tensor-types`: asks llama.cpp which types it gives the tensors of each model of the catalogue, and writes
// models/tensor-types.json.
import { writeFileSync } from "node:fs";
import { catalogue } from "../dist/index.js";
import {
  LlamaChild,
  askAboutShape,
  askThrough,
  digestOf,
  enginePackage,
  mixOf,
  quantizationNames,
} from "../dist/maintenance.js";
import { script } from "./bench/commandLine.mjs";

await script("tensor-types", async () => {
  const child = new LlamaChild("cpu");
  const ask = askThrough(child);
  /** @type {import("../src/models/catalogueMixes.ts").CatalogueMixes} */
  const answers = { engine: enginePackage(), models: {} };
  try {
    for (const { id, shape } of catalogue().models) {
      /** @type {Record<string, string>} */
      const mixes = {};
      for (const quantization of quantizationNames) {
        mixes[quantization] = mixOf(shape, await askAboutShape(shape, quantization, ask));
      }
      answers.models[id] = { shape_sha256: digestOf(shape, 64), mixes };
    }
  } finally {
    await child.close();
  }
  const file = new URL("../models/tensor-types.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`);
  return 0;
});
