// @ts-check
// `npm run bench:shapes`: buffers of random shapes, as published models have them, against llama.cpp's own. Needs a built
// checkout. Models are files with a hole for data; nothing is loaded unless it is asked for.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { markdownTable } from "markdown-table";
import {
  ChildFailure,
  LlamaChild,
  askMemoryOf,
  fileMemoryModel,
  hostTraits,
  memoryDevice,
  offloadTargets,
  predictMemory,
  readGgufModel,
  shapeOf,
  tensorTable,
  unquantizedType,
  usualFitSettings,
  writeSparseFile,
  ggmlTypes,
} from "../dist/maintenance.js";
import { readFlags, script } from "./bench/commandLine.mjs";
import { randomShape, shapedArchitectures } from "./bench/randomShapes.mjs";
import { randomSource } from "./random.mjs";

/** @typedef {import("../src/fit/memorySettings.ts").MemorySettings} MemorySettings */
/** @typedef {import("../src/fit/memoryDevice.ts").MemoryDevice} MemoryDevice */
/** @typedef {import("../src/gguf/modelShape.ts").ModelShape} ModelShape */
/** @typedef {import("../src/gguf/tensorTable.ts").TensorTypes} TensorTypes */
/** @typedef {import("./random.mjs").Random} Random */

const help = `
bench:shapes: caches, states and compute buffers of random shapes against llama.cpp's own; nothing is loaded

  npm run bench:shapes -- [--seed 1] [--shapes 10] [--device vulkan] [--architecture llama]... [--rows]

  --seed          another one draws other shapes and settings
  --shapes        of each architecture (default 10)
  --placements    of each shape (default 4)
  --device        cpu (default), auto, metal, cuda, vulkan; two software devices: GGML_VK_VISIBLE_DEVICES=0,0
  --architecture  one or some (default: all whose graph is laid out)
  --allocate      loads each model really, small ones and short contexts: what several devices that share all layers take
                  shows no other way
  --rows          prints each buffer that is off

Exit code 1 where a cache or state is off by more than is printed, or more than one compute buffer in a hundred by more
than 2%.
`;

const printedBytes = 0.005_01 * 2 ** 20;
const promisedShare = 0.02;
const mostOff = 0.01;

/**
 * @param {Random} random
 * @param {{ nLayers: number, devices: number, allocate: boolean, quantizes: boolean }} of `quantizes`: heads of whole blocks
 * @returns {MemorySettings}
 */
function randomSettings(random, { nLayers, devices, allocate, quantizes }) {
  const drawn = random.pick(/** @type {const} */ (["f16", "f16", "q8_0"]));
  const typeK = quantizes ? drawn : "f16";
  const quantized = typeK === "q8_0";
  const contexts = allocate ? [512, 1024, 4096] : [4096, 8192, 20_000, 65_536, 131_072, 262_144];
  return {
    ...usualFitSettings,
    nCtx: random.pick(contexts),
    nUbatch: random.pick([256, 512, 1024]),
    typeK,
    typeV: typeK,
    flashAttn: quantized ? "on" : random.pick(/** @type {const} */ (["on", "off"])),
    gpuLayers:
      devices === 0 ? 0 : random.pick([0, 1 + random.below(nLayers - 1), nLayers, nLayers + 1]),
    loadMode: "none",
  };
}

/** The types of a usual mix: every other layer's inputs and the embeddings of another. @returns {TensorTypes} */
function mixedTypes(/** @type {ModelShape} */ shape) {
  return new Map(
    tensorTable(shape).map((tensor) => {
      const { name, dims } = tensor;
      const other = /blk\.\d*[02468]\.ffn_down|token_embd|output\.weight/.test(name);
      const mixed = other ? "q6_K" : "q4_K";
      const divides = (dims[0] ?? 0) % ggmlTypes[mixed].blockSize === 0;
      const unquantized = unquantizedType(tensor);
      return [name, unquantized === "f16" ? (divides ? mixed : "q8_0") : unquantized];
    }),
  );
}

/** @param {number} count of experts */
function fewer(count) {
  return Math.min(count, 16);
}

/** What a machine can hold. @returns {ModelShape} */
function small(/** @type {ModelShape} */ shape) {
  const { experts, n_ff } = shape;
  return {
    ...shape,
    n_vocab: 4096,
    // Of some architectures the header has one width, of dense parts and of experts.
    n_ff: experts?.n_ff === n_ff ? n_ff : Math.min(n_ff, 2048),
    ...(experts === undefined || experts.groups !== undefined
      ? {}
      : { experts: { ...experts, count: fewer(experts.count), used: fewer(experts.used) } }),
  };
}

/** A child that is started again where llama.cpp gave up. */
class Asker {
  /** @param {import("../src/engines/llamacpp/protocol.ts").EngineDeviceChoice} device */
  constructor(device) {
    this.device = device;
    this.child = new LlamaChild(device);
  }

  async facts() {
    return (await this.child.request({ type: "probe" })).value;
  }

  /**
   * @param {string} path
   * @param {MemorySettings} settings
   * @param {boolean} allocate
   */
  async memory(path, settings, allocate) {
    try {
      return await askMemoryOf(this.child, { path, ...settings }, { allocate });
    } catch (error) {
      if (!(error instanceof ChildFailure)) throw error;
      await this.child.close();
      this.child = new LlamaChild(this.device);
      return error;
    }
  }
}

/** @param {MemorySettings} settings */
function settingsText({ nCtx, nUbatch, gpuLayers, typeK, flashAttn }) {
  return `ctx ${nCtx} ubatch ${nUbatch} ngl ${gpuLayers} kv ${typeK} fa ${flashAttn}`;
}

const mib = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(2);

await script("bench:shapes", async () => {
  const flags = readFlags(
    {
      seed: { type: "string", default: "1" },
      shapes: { type: "string", default: "10" },
      placements: { type: "string", default: "4" },
      device: { type: "string", default: "cpu" },
      architecture: { type: "string", multiple: true },
      allocate: { type: "boolean", default: false },
      rows: { type: "boolean", default: false },
    },
    help,
  );
  const asker = new Asker(/** @type {Asker["device"]} */ (flags.device));
  const folder = mkdtempSync(join(tmpdir(), "llmbench-shapes-"));
  const counts = { buffers: 0, off: 0, caches: 0, wrong: 0 };
  const lines = [["architecture", "buffers", "exact to 0.1%", "within 2%", "worst", "refused"]];
  try {
    const facts = await asker.facts();
    const devices = offloadTargets(facts.devices).map((device) =>
      memoryDevice(device, device.free_bytes),
    );
    const host = hostTraits(facts.system_info);
    for (const architecture of flags.architecture ?? shapedArchitectures) {
      /** @type {number[]} */
      const errors = [];
      let refused = 0;
      for (let number = 0; number < Number(flags.shapes); number++) {
        const random = randomSource(Number(flags.seed) * 1000 + number);
        const drawn = randomShape(architecture, random);
        const shape = flags.allocate ? small(drawn) : drawn;
        const path = join(folder, `${architecture}-${number}.gguf`);
        writeSparseFile(path, { shape, quantization: "q4_k_m", types: mixedTypes(shape) });
        const gguf = readGgufModel(path);
        const model = fileMemoryModel(gguf, shapeOf(gguf) ?? null);
        if (model === null || !model.known) {
          console.error(
            `${architecture} ${number}: not known by its header: ${JSON.stringify(shape)}`,
          );
          counts.wrong += 1;
          continue;
        }
        for (let placement = 0; placement < Number(flags.placements); placement++) {
          const settings = randomSettings(random, {
            nLayers: shape.n_layers,
            devices: devices.length,
            allocate: flags.allocate,
            quantizes: shape.head_size % 32 === 0,
          });
          const told = await asker.memory(path, settings, flags.allocate);
          if (told instanceof Error) {
            refused += 1;
            if (flags.rows)
              console.error(
                `${architecture} ${number} ${settingsText(settings)} refused: ${told.log.findLast((line) => /error loading|ASSERT/i.test(line))}`,
              );
            continue;
          }
          const predicted = predictMemory(model, settings, devices, host);
          counts.caches += 1;
          const lineCount = 2 * model.caches.attention.length + model.caches.state.length + 2;
          const apart = Math.max(
            Math.abs(told.kvBytes - predicted.kvBytes),
            Math.abs(told.stateBytes - predicted.stateBytes),
          );
          if (apart > lineCount * printedBytes) {
            counts.wrong += 1;
            console.error(
              `${architecture} ${number} ${settingsText(settings)}: caches ${mib(predicted.kvBytes)} and ${mib(predicted.stateBytes)} for ${mib(told.kvBytes)} and ${mib(told.stateBytes)}`,
            );
          }
          for (const at of [...predicted.devices, { name: "host", ...predicted.host }]) {
            const theirs = told.byPlace.get(at.name)?.computeBytes ?? 0;
            const off = Math.max(0, Math.abs(at.computeBytes - theirs) - printedBytes);
            const error = off / Math.max(theirs, 1);
            errors.push(error);
            if (flags.rows && error > promisedShare)
              console.error(
                `${architecture} ${number} ${settingsText(settings)} ${at.name}: ${mib(at.computeBytes)} for ${mib(theirs)}`,
              );
          }
        }
        rmSync(path);
      }
      const within = (/** @type {number} */ share) => errors.filter((one) => one <= share).length;
      counts.buffers += errors.length;
      counts.off += errors.length - within(promisedShare);
      lines.push([
        architecture,
        String(errors.length),
        String(within(0.001)),
        String(within(promisedShare)),
        `${(100 * Math.max(0, ...errors)).toFixed(2)}%`,
        String(refused),
      ]);
      console.error(lines.at(-1)?.join("  "));
    }
    console.log(markdownTable(lines));
  } finally {
    await asker.child.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return counts.wrong === 0 && counts.off <= counts.buffers * mostOff ? 0 : 1;
});
