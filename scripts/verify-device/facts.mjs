// @ts-check
// What is known of the machine before anything is measured, and what would fit it: asked of llmbench's own planner.
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
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
 */

/**
 * @param {string} device
 * @param {readonly string[]} models
 * @param {readonly string[]} quantizations
 * @returns {Promise<Facts>}
 */
export async function gatherFacts(device, models, quantizations) {
  const given = /** @type {import("../../dist/index.js").GivenFlags} */ ({
    models,
    quantizations,
    device,
    nGen: [0],
  });
  const order = await orderOf(given, nothingPulled);
  const run = await withEngine(order.options, (engine) => prepareRun(order, engine));
  const gpus = gpuDevices(run.engine.facts);
  return {
    machine: run.machine,
    engine: run.engine.facts,
    devices: run.budget.devices,
    kind: gpus.length === 0 ? "cpu" : gpus.every(isSoftwareDevice) ? "software" : "gpu",
    freeDiskBytes: freeBytes(run.cacheDir),
    candidates: run.cases
      .map((one) => candidate(one, isTried(one, run.options)))
      .sort((a, b) => a.tensorBytes - b.tensorBytes),
  };
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
