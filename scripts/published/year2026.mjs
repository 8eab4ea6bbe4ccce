/**
 * llama-bench's rows of 2025 and 2026 on machines and models that llmbench's catalogues hold. Left out are rows over a
 * network (RPC), of memory that spills without being told to, of experts on the CPU by pattern, and of CPUs that are only
 * told by their family.
 */
import { catalogue, workloadOf } from "../../dist/index.js";
import {
  attentionCacheBytes,
  describedBudget,
  findMachines,
  hyperparameters,
  modelLayers,
  shapeMetadata,
  stateBytes,
  warningOf,
} from "../../dist/maintenance.js";
import { measured, published } from "./record.mjs";
import { numberOf, table } from "./tables.mjs";

const GiB = 2 ** 30;
const cards = new Map(table("machines-2026").map((row) => [row.machine, row]));
const models = new Map(
  table("models-2026").flatMap(({ names, id }) => names.split("|").map((name) => [name, id])),
);

export const year2026 = () =>
  table("llama-bench-2026").flatMap((row) => {
    const card = cards.get(row.machine);
    const id = models.get(row.model);
    const told = row.n_cpu_moe_or_ot === "" && !row.backend.includes("RPC");
    return card === undefined || id === undefined || !told ? [] : [recordOf(row, card, id)];
  });

function recordOf(row, card, id) {
  const workload = workloadNamed(row.test);
  const entry = modelEntry(id);
  return published({
    source: row.source,
    date: row.date === "" ? null : row.date,
    machine: machineFacts(row, card),
    engine: { backend: row.backend.toLowerCase(), ...buildOf(row.engine_version_or_build) },
    model: {
      id,
      bytes: row.model_size_gib === "" ? null : Math.round(Number(row.model_size_gib) * GiB),
      // Some files hold a layer that predicts further tokens.
      parameters: row.params_b === "" ? entry.nParams : Math.round(Number(row.params_b) * 1e9),
      quantization: quantizationOf(row),
      nLayers: entry.nLayers,
    },
    entry,
    settings: {
      ...(row.n_batch === "" ? {} : { nBatch: Number(row.n_batch) }),
      ...(row.n_ubatch === "" ? {} : { nUbatch: Number(row.n_ubatch) }),
      ...(row.n_threads === "" ? {} : { nThreads: Number(row.n_threads) }),
      ...(row.type_k === "" ? {} : { typeK: row.type_k, typeV: row.type_v }),
      ...(row.flash_attn === "" ? {} : { flashAttn: row.flash_attn === "1" }),
      splitMode: "layer",
    },
    workload,
    warnings: warningsOf(row, id).map(warningOf),
    end: measured(workload, {
      mean: Number(row.avg_ts),
      // Printed with two decimals: ± 0.00 means below 0.005.
      sd: row.stddev_ts === "" ? null : Math.max(Number(row.stddev_ts), 0.005),
    }),
  });
}

/** Backends that llmbench's descriptions of a machine don't name stand in its name. */
function machineFacts(row, { card, gpu_info: gpu, ram_gib: ram }) {
  const count = Number(row.device_count);
  const times = count > 1 ? `${count}x-` : "";
  const [described] = findMachines(times + card);
  const backend = row.backend.toLowerCase();
  const suffix = backend === described.backend ? "" : `-${backend}`;
  const ramGib = numberOf(ram);
  return {
    name: `${times}${card}${suffix}`,
    gpu: Array.from({ length: count }, () => gpu).join(", "),
    nDevices: count,
    ramBytes: ramGib === null ? null : ramGib * GiB,
    gpuBudgetBytes: described.unified
      ? describedBudget(described).devices[0].budgetBytes
      : count * described.gpu.memoryBytes,
  };
}

/** `0253fb21f (9187)`, `b9049 2496f9c14`, `b8460`. */
function buildOf(text) {
  const number = /\((\d+)\)/.exec(text)?.[1] ?? /\bb(\d+)\b/.exec(text)?.[1] ?? null;
  const commit = text.split(/[\s()]+/).find((word) => /^[0-9a-f]{7,}$/.test(word)) ?? null;
  return { version: number === null ? null : `b${number}`, commit };
}

/** As llama.cpp names the file's type: mixes of others' making go by the type that they began with. */
function quantizationOf({ quantization }) {
  const name = quantization.toLowerCase().replace(/^(?:ud|i1)-/, "");
  if (name.includes("mxfp4")) return "mxfp4_moe";
  return { q4_k_xl: "q4_k_m", q8_k_xl: "q8_0", q5_k_xl: "q5_k_m" }[name] ?? name;
}

/** What the source says of a row, and of what it calls otherwise than the catalogue. */
function warningsOf({ note, model, quantization }, id) {
  const own = quantization.toLowerCase().replaceAll(" ", "_");
  return [
    ...(/coder/i.test(model) ? [`of ${model}, which has the shape of ${id}`] : []),
    ...(/^(?:ud|i1)-|^f16/.test(own) ? [`a file of type ${quantization}`] : []),
    ...note
      .split("; ")
      .filter((part) => part !== "" && !/^(?:size|date)\b/.test(part) && !part.includes("size "))
      .map((part) => part.replaceAll(";", ",")),
  ];
}

function workloadNamed(name) {
  const [, kind, tokens, depth] = /^(pp|tg)(\d+)(?: @ d(\d+))?$/.exec(name);
  return workloadOf({
    prompt: kind === "pp" ? Number(tokens) : 0,
    generated: kind === "tg" ? Number(tokens) : 0,
    depth: Number(depth ?? 0),
  });
}

const entries = new Map();

/** Of the catalogue; caches of f16 at any context. */
export function modelEntry(id) {
  const known = entries.get(id);
  if (known !== undefined) return known;
  const { shape, n_params: parameters } = catalogue().find(id);
  const { caches } = modelLayers(hyperparameters(shapeMetadata(shape), () => false));
  const kvBytesAt = (nCtx) => {
    const settings = {
      nCtx,
      nBatch: 2048,
      nUbatch: 512,
      typeK: "f16",
      typeV: "f16",
      flashAttn: "on",
    };
    return caches.attention.reduce((sum, cache) => sum + attentionCacheBytes(cache, settings), 0);
  };
  const entry = {
    id,
    nLayers: shape.n_layers,
    nParams: parameters,
    trained: shape.n_ctx_train,
    kvBytesAt,
    stateBytes: stateBytes(caches.state),
  };
  entries.set(id, entry);
  return entry;
}
