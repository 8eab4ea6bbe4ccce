// @ts-check
// What is known of the machine before anything is measured, and what would fit it: asked of llmbench's own planner.
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { LlmbenchError } from "../../dist/index.js";
import {
  gpuDevices,
  isSoftwareDevice,
  isTried,
  orderOf,
  prepareRun,
  withEngine,
} from "../../dist/maintenance.js";

/**
 * @typedef {import("../../dist/maintenance.js").BenchCase} BenchCase
 *
 * @typedef {object} Candidate a model at one quantization
 * @property {string} model
 * @property {string} quantization
 * @property {number} tensorBytes
 * @property {number} fileBytes still to be written
 * @property {number} nLayers
 * @property {"full" | "partial" | "none" | "unknown"} fit
 * @property {string} why
 * @property {number} deviceBytes of the placement that fits
 * @property {number} hostBytes
 *
 * @typedef {object} Facts
 * @property {import("../../dist/index.js").MachineInfo} machine
 * @property {import("../../dist/index.js").EngineInfo} engine
 * @property {readonly { name: string, description: string, budgetBytes: number }[]} devices
 * @property {"cpu" | "software" | "gpu"} kind what computes
 * @property {number} freeDiskBytes where weights go
 * @property {readonly Candidate[]} candidates smallest first
 * @property {readonly Trainer[]} trainers
 *
 * @typedef {object} Trainer a framework that trains, on the same backend
 * @property {string} name
 * @property {string | null} python that was named for it
 * @property {string | null} why it isn't tried; null where it is here
 */

/**
 * @param {string} device
 * @param {readonly string[]} models
 * @param {readonly string[]} quantizations
 * @param {string | null} python that has a framework; null for the active environment's
 * @returns {Promise<Facts>}
 */
export async function gatherFacts(device, models, quantizations, python) {
  const given = /** @type {import("../../dist/index.js").GivenFlags} */ ({
    models,
    quantizations,
    device,
    nGen: [0],
  });
  const order = await orderOf(given, nothingPulled);
  const run = await withEngine(order.options, (engine) => prepareRun(order, [engine]));
  const [{ engine, budget }] = run.parts;
  const gpus = gpuDevices(engine.facts);
  return {
    machine: run.machine,
    engine: engine.facts,
    devices: budget.devices,
    kind: gpus.length === 0 ? "cpu" : gpus.every(isSoftwareDevice) ? "software" : "gpu",
    freeDiskBytes: freeBytes(run.cacheDir),
    candidates: run.cases
      .map((one) => candidate(one, isTried(one, run.options)))
      .sort((a, b) => a.tensorBytes - b.tensorBytes),
    trainers: [
      await trainer("torch", engine.facts.backend, python),
      await trainer("mlx", engine.facts.backend, python),
    ],
  };
}

/** What a run's `--device` takes. */
const devices = /** @type {const} */ (["metal", "cuda", "vulkan", "cpu"]);

/**
 * Nothing is downloaded for it.
 *
 * @param {string} name
 * @param {import("../../dist/index.js").EngineInfo["backend"]} backend
 * @param {string | null} python
 * @returns {Promise<Trainer>}
 */
async function trainer(name, backend, python) {
  const device = devices.find((one) => one === backend) ?? "auto";
  const own = { python };
  try {
    await withEngine({ engine: name, device, own, offline: true }, async () => {});
    return { name, python, why: null };
  } catch (error) {
    if (!(error instanceof LlmbenchError)) throw error;
    return { name, python, why: error.message };
  }
}

/** Its models are the catalogue's, whose weights are made here. */
async function nothingPulled() {}

/**
 * @param {BenchCase} one
 * @param {boolean} tried
 * @returns {Candidate}
 */
function candidate({ variant, memory }, tried) {
  const { weights, model, quantization } = variant;
  return {
    model: model.id,
    quantization: quantization ?? "",
    tensorBytes: weights.tensorBytes ?? 0,
    fileBytes: weights.bytesToWrite,
    nLayers: memory?.fit.nLayers ?? 0,
    fit: tried ? (memory?.fit.fit ?? "full") : "none",
    why: memory?.fit.why ?? "memory unknown",
    deviceBytes: memory?.fit.prediction.deviceBytes ?? 0,
    hostBytes: memory?.fit.prediction.hostBytes ?? weights.tensorBytes ?? 0,
  };
}

/**
 * @param {string} folder
 * @returns {number}
 */
function freeBytes(folder) {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    // A cache folder that was never used: its disk is that of the nearest folder that is there.
    const parent = dirname(folder);
    return parent === folder ? 0 : freeBytes(parent);
  }
}
