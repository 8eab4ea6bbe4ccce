// @ts-check
// `npm run bench:fit`: predicted buffers against llama.cpp's own, over a grid, on this machine's device. Needs a built
// checkout. Nothing is loaded: models are files with a hole for data, and llama.cpp sizes its buffers without them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import { LlmbenchError, catalogue } from "../dist/index.js";
import {
  ChildFailure,
  LlamaChild,
  askMemoryOf,
  askThrough,
  cacheFolder,
  enginePackage,
  fileMemoryModel,
  memoryDevice,
  offloadTargets,
  predictMemory,
  readGgufModel,
  tensorTypesOf,
  usualFitSettings,
  writeSparseFile,
} from "../dist/maintenance.js";
import { readFlags, script } from "./bench/commandLine.mjs";

/** @typedef {import("../src/fit/memorySettings.ts").MemorySettings} MemorySettings */
/** @typedef {import("../src/fit/memoryDevice.ts").MemoryDevice} MemoryDevice */
/** @typedef {import("../src/fit/memoryModel.ts").MemoryModel} MemoryModel */

const help = `
bench:fit: predicted compute buffers against llama.cpp's own, over a grid; nothing is loaded, 70B included

  npm run bench:fit -- [--device vulkan] [--model 8b]... [--rows]

  --device  auto (default), metal, cuda, vulkan, cpu; the software Vulkan device: GGML_VK_VISIBLE_DEVICES=0
  --model   ids of the catalogue (default: all)
  --rows    print every placement that is off by more than a hundredth
`;

/** Off by more is printed with --rows. */
const notableShare = 0.01;
const promisedShare = 0.05;

/** Shapes decide, and types only where layers on the host are copied to a device: one mix shows that. */
const quantization = "q4_k_m";

/** @type {Pick<MemorySettings, "typeK" | "typeV" | "flashAttn">[]} */
const caches = [
  { typeK: "f16", typeV: "f16", flashAttn: "on" },
  { typeK: "f16", typeV: "f16", flashAttn: "off" },
  { typeK: "q8_0", typeV: "q8_0", flashAttn: "on" },
];

/** @returns {MemorySettings[]} */
function grid(/** @type {number} */ nLayers) {
  const found = [];
  for (const nCtx of [512, 2048, 8192, 32_768]) {
    for (const nUbatch of [128, 512, 2048]) {
      for (const gpuLayers of [0, 1, Math.ceil(nLayers / 2), nLayers + 1]) {
        for (const cache of caches) found.push(settingsOf(nCtx, nUbatch, gpuLayers, cache));
      }
    }
  }
  return found;
}

/**
 * @param {number} nCtx
 * @param {number} nUbatch
 * @param {number} gpuLayers
 * @param {Pick<MemorySettings, "typeK" | "typeV" | "flashAttn">} cache
 * @returns {MemorySettings}
 */
function settingsOf(nCtx, nUbatch, gpuLayers, cache) {
  return { ...usualFitSettings, nCtx, nUbatch, gpuLayers, ...cache, loadMode: "none" };
}

/** A child that is started again where llama.cpp gave up. */
class Asker {
  /** @param {import("../src/engines/llamacpp/protocol.ts").EngineDeviceChoice} device */
  constructor(device) {
    this.device = device;
    this.child = new LlamaChild(device);
  }

  /** @returns {Promise<MemoryDevice[]>} */
  async devices() {
    const { value } = await this.child.request({ type: "probe" });
    return offloadTargets(value.devices).map((device) => memoryDevice(device, device.free_bytes));
  }

  /**
   * @param {string} path
   * @param {MemorySettings} settings
   */
  async buffers(path, settings) {
    try {
      const { byPlace } = await askMemoryOf(this.child, { path, ...settings }, { allocate: false });
      return byPlace;
    } catch (error) {
      if (!(error instanceof ChildFailure)) throw error;
      await this.child.close();
      this.child = new LlamaChild(this.device);
      return null;
    }
  }
}

/**
 * @param {Asker} asker
 * @param {string} folder
 * @param {import("../src/models/modelDescription.ts").ModelDescription} description
 */
async function measureModel(asker, folder, { id, shape }) {
  const types = await tensorTypesOf({
    shape,
    quantization,
    cacheDir: cacheFolder(),
    engineVersion: enginePackage(),
    ask: askThrough(asker.child),
  });
  const path = join(folder, `${id}.gguf`);
  writeSparseFile(path, { shape, quantization, types });
  const model = fileMemoryModel(readGgufModel(path), shape);
  if (model === null) throw new Error(`${id}: no shape`);
  const devices = await asker.devices();
  /** @type {{ id: string, what: string, error: number }[]} */
  const found = [];
  let refused = 0;
  for (const settings of grid(shape.n_layers)) {
    const logged = await asker.buffers(path, settings);
    if (logged === null) refused += 1;
    else found.push(...errorsOf(id, model, settings, devices, logged));
  }
  rmSync(path);
  return { found, refused };
}

/**
 * @param {string} id
 * @param {MemoryModel} model
 * @param {MemorySettings} settings
 * @param {MemoryDevice[]} devices
 * @param {ReadonlyMap<string, import("../src/engines/engine.ts").BuffersAt>} logged
 */
function errorsOf(id, model, settings, devices, logged) {
  const predicted = predictMemory(model, settings, devices);
  const places = [...predicted.devices, { name: "host", ...predicted.host }];
  return places.flatMap(({ name, computeBytes }) => {
    const theirs = logged.get(name)?.computeBytes ?? 0;
    if (theirs === 0 && computeBytes === 0) return [];
    const { nCtx, nUbatch, gpuLayers, typeK, flashAttn } = settings;
    const sizes = `${(computeBytes / 2 ** 20).toFixed(2)} for ${(theirs / 2 ** 20).toFixed(2)} MiB`;
    const what = `${name} ctx ${nCtx} ubatch ${nUbatch} ngl ${gpuLayers} kv ${typeK} fa ${flashAttn}: ${sizes}`;
    return [{ id, what, error: Math.abs(computeBytes - theirs) / Math.max(theirs, 1) }];
  });
}

await script("bench:fit", async () => {
  const flags = readFlags(
    {
      device: { type: "string", default: "auto" },
      model: { type: "string", multiple: true },
      rows: { type: "boolean", default: false },
    },
    help,
  );
  const models = (flags.model ?? catalogue().models.map(({ id }) => id)).map((name) => {
    const found = catalogue().find(name);
    if (found === undefined) throw new LlmbenchError("usage", `--model: unknown model ${name}`);
    return found;
  });
  const asker = new Asker(/** @type {Asker["device"]} */ (flags.device));
  const folder = mkdtempSync(join(tmpdir(), "llmbench-fit-"));
  let worst = 0;
  try {
    const lines = [["model", "buffers", "exact to 0.1%", "within 1%", "worst", "refused"]];
    for (const model of models) {
      const { found, refused } = await measureModel(asker, folder, model);
      const within = (/** @type {number} */ share) =>
        String(found.filter(({ error }) => error <= share).length);
      const most = Math.max(0, ...found.map(({ error }) => error));
      worst = Math.max(worst, most);
      lines.push([
        model.id,
        String(found.length),
        within(0.001),
        within(notableShare),
        `${(100 * most).toFixed(2)}%`,
        String(refused),
      ]);
      if (!flags.rows) continue;
      for (const { what, error } of found) {
        if (error > notableShare) console.error(`${model.id} ${what}`);
      }
    }
    console.log(markdownTable(lines));
  } finally {
    await asker.child.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return worst <= promisedShare ? 0 : 1;
});
