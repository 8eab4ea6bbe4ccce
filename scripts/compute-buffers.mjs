// @ts-check
// `npm run compute-buffers`: asks llama.cpp by how much llmbench's estimate of compute buffers is off for each model of the
// catalogue whose graph it doesn't lay out, and writes models/compute-buffers.json.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogue, usualFitSettings } from "../dist/index.js";
import {
  askMemoryOf,
  describedMemoryModel,
  digestOf,
  enginePackage,
  hasKnownGraph,
  LlamaChild,
  offBy,
  predictMemory,
  tensorTable,
  unquantizedType,
  writeSparseFile,
} from "../dist/maintenance.js";
import { script } from "./bench/commandLine.mjs";

/** Beside the trained one; sizes are a line between them, or nearly. */
const contexts = [512, 4096, 32_768, 131_072];

const settings = /** @type {const} */ ({ ...usualFitSettings, gpuLayers: 0, loadMode: "none" });

await script("compute-buffers", async () => {
  const folder = mkdtempSync(join(tmpdir(), "llmbench-compute-"));
  const child = new LlamaChild("cpu");
  /** @type {import("../src/fit/catalogueCompute.ts").CatalogueCompute} */
  const answers = { engine: enginePackage(), models: {} };
  try {
    for (const { id, shape } of catalogue().models) {
      if (hasKnownGraph(shape)) continue;
      const path = join(folder, `${id}.gguf`);
      writeSparseFile(path, { shape, quantization: "f16" });
      const types = new Map(
        tensorTable(shape).map((tensor) => [tensor.name, unquantizedType(tensor)]),
      );
      const model = describedMemoryModel(shape, "f16", types);
      const trained = shape.n_ctx_train;
      /** @type {[number, number][]} */
      const shares = [];
      for (const nCtx of [...contexts.filter((one) => one < trained), trained]) {
        const asked = { ...settings, nCtx };
        const { byPlace } = await askMemoryOf(child, { path, ...asked }, { allocate: false });
        const told = new Map([...byPlace].map(([place, at]) => [place, at.computeBytes]));
        shares.push([nCtx, Number(offBy(told, predictMemory(model, asked, [])).toPrecision(4))]);
      }
      rmSync(path);
      answers.models[id] = { shape_sha256: digestOf(shape, 64), off_by: shares };
    }
  } finally {
    await child.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const file = new URL("../models/compute-buffers.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(answers, null, 2)}\n`);
  return 0;
});
