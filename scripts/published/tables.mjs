/** The published tables, and the facts of machines and models that their figures are joined with. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";

const folder = dirname(fileURLToPath(import.meta.url));
export const table = (name) =>
  parse(readFileSync(join(folder, `${name}.csv`), "utf8"), { columns: true });

const GiB = 2 ** 30;
const MiB = 2 ** 20;

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
  return modelFacts(found);
}

export const modelById = (id) => modelFacts(modelRows.find((row) => row.id === id));

function modelFacts(row) {
  return {
    id: row.id,
    nLayers: Number(row.n_layers),
    nParams: Number(row.n_params),
    trained: Number(row.n_ctx_train),
    /** Keys and values of f16, all layers. */
    kvBytesPerToken: 2 * 2 * Number(row.n_layers) * Number(row.kv_width),
  };
}

export function machineColumns(machine) {
  const ramGib = numberOf(machine.ram_gib);
  return {
    machine: machine.id,
    gpu_info: Array.from({ length: Number(machine.n_devices) }, () => machine.gpu_info).join(", "),
    gpu_cores: numberOf(machine.gpu_cores),
    n_devices: Number(machine.n_devices),
    backend: machine.backend,
    ram_bytes: ramGib === null ? null : ramGib * GiB,
    gpu_budget_bytes: Number(machine.gpu_budget_mib) * MiB,
  };
}

export function modelColumns(model, quantization, weightsGib) {
  const weights = Math.round(weightsGib * GiB);
  return {
    model: model.id,
    model_size: weights,
    weights_bytes: weights,
    model_n_params: model.nParams,
    quantization,
    n_layers: model.nLayers,
    n_gpu_layers: model.nLayers + 1,
    type_k: "f16",
    type_v: "f16",
  };
}

/** Of `pp512`, `tg 128`, `pp512+tg128`. llama.cpp pads a context to 256 tokens. */
export function testColumns(name, model) {
  const [, prompt = 0, gen = 0] = /^(?:pp ?(\d+))?\+?(?:tg ?(\d+))?$/.exec(name);
  const context = Math.ceil((Number(prompt) + Number(gen)) / 256) * 256;
  return {
    test: name.replaceAll(" ", ""),
    n_prompt: Number(prompt),
    n_gen: Number(gen),
    n_depth: 0,
    n_ctx: context,
    kv_bytes: context * model.kvBytesPerToken,
  };
}

export function outOfMemory(machine, weightsGib) {
  const tooLarge = weightsGib * GiB > Number(machine.gpu_budget_mib) * MiB;
  return {
    status: "does_not_fit",
    // Where the weights alone are too large nobody will have tried.
    reason: tooLarge ? "predicted_oom: published as OOM" : "measured_oom: published as OOM",
  };
}
