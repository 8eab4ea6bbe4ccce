/** The published tables, and what is known of the machines and models that their figures are of: parts of a record each. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { workloadOf } from "../../dist/index.js";

const folder = dirname(fileURLToPath(import.meta.url));
export const table = (name) =>
  parse(readFileSync(join(folder, `${name}.csv`), "utf8"), { columns: true });

const GiB = 2 ** 30;
const MiB = 2 ** 20;

/** A source as its table writes it, in full. */
export const sourceOf = ({ source }) =>
  source.replace(/^XiongjieDai@/, "XiongjieDai/GPU-Benchmarks-on-LLM-Inference@");

/** Unknown is an empty cell. */
export const numberOf = (cell) => (cell === undefined || cell === "" ? null : Number(cell));

const modelRows = table("models");
const machineRows = table("machines");

export function machineNamed(name) {
  const found = machineRows.find(({ names }) => names.split("|").includes(name));
  if (found === undefined) throw new Error(`machines.csv: no machine is named ${name}`);
  return found;
}

export function modelOf(generation, size) {
  const found = modelRows.find((row) => row.generation === generation && row.size === size);
  if (found === undefined) throw new Error(`models.csv: no ${generation} ${size}`);
  return modelEntry(found);
}

/** Undefined for models of the catalogue that these tables don't speak of. */
export function modelById(id) {
  const found = modelRows.find((row) => row.id === id);
  return found === undefined ? undefined : modelEntry(found);
}

function modelEntry(row) {
  return {
    id: row.id,
    nLayers: Number(row.n_layers),
    nParams: Number(row.n_params),
    trained: Number(row.n_ctx_train),
    /** Keys and values of f16, all layers. */
    kvBytesAt: (nCtx) => nCtx * 2 * 2 * Number(row.n_layers) * Number(row.kv_width),
  };
}

export function machineFacts(machine) {
  const ramGib = numberOf(machine.ram_gib);
  return {
    name: machine.id,
    gpu: Array.from({ length: Number(machine.n_devices) }, () => machine.gpu_info).join(", "),
    gpuCores: numberOf(machine.gpu_cores),
    nDevices: Number(machine.n_devices),
    ramBytes: ramGib === null ? null : ramGib * GiB,
    gpuBudgetBytes: Number(machine.gpu_budget_mib) * MiB,
  };
}

export function modelFacts(model, quantization, weightsGib) {
  return {
    id: model.id,
    bytes: Math.round(weightsGib * GiB),
    parameters: model.nParams,
    quantization,
    nLayers: model.nLayers,
  };
}

/** Of `pp512`, `tg 128`, `pp512+tg128`. */
export function workloadNamed(name) {
  const [, prompt = 0, generated = 0] = /^(?:pp ?(\d+))?\+?(?:tg ?(\d+))?$/.exec(name);
  return workloadOf({ prompt: Number(prompt), generated: Number(generated), depth: 0 });
}

export function outOfMemory(machine, weightsGib) {
  const tooLarge = weightsGib * GiB > Number(machine.gpu_budget_mib) * MiB;
  // Where the weights alone are too large nobody will have tried.
  const code = tooLarge ? "predicted_oom" : "measured_oom";
  return { status: "does_not_fit", reason: { code, detail: "published as OOM" }, log: [] };
}
