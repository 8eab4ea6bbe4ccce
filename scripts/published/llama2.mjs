/** Llama 1 and 2 in 2023: three runs of `main`, each a launch of its own, and the CPU where the GPU was too small. */
import { warningOf } from "../../dist/maintenance.js";
import { measured, published } from "./record.mjs";
import {
  machineFacts,
  machineNamed,
  modelFacts,
  modelOf,
  outOfMemory,
  table,
  workloadNamed,
} from "./tables.mjs";

const weightsGib = new Map(
  table("fit-ground-truth").map((row) => [row.model, Number(row.weights_gib)]),
);

/** Slower than this at pp a GPU that holds the model never is; a CPU always. */
const cpuLikePrompt = 20;

/** What the context held: the prompt of 494 tokens and the 1024 that were generated, padded. */
const contextTokens = 1536;

export const llama2 = () =>
  table("llama1-llama2-2023-12").flatMap((row) =>
    ["pp", "tg"].flatMap((kind) => rowsOf(row, kind)),
  );

function rowsOf(row, kind) {
  const refused = outOfMemory(machineNamed(row.machine), weightsGib.get(row.model));
  if (row[`${kind}1`] === "OOM") return [recordOf(row, kind, { end: refused })];
  const ran = recordOf(row, kind, ranParts(row, kind));
  return row.device === "cpu" ? [recordOf(row, kind, { end: refused }), ran] : [ran];
}

function recordOf(row, kind, { settings = {}, ...parts }) {
  const machine = machineNamed(row.machine);
  const [size, ...quant] = row.model.split("_");
  const entry = modelOf(row.llama_generation, size);
  return published({
    source: "XiongjieDai/GPU-Benchmarks-on-LLM-Inference@c795193",
    date: "2023-12",
    machine: machineFacts(machine),
    engine: {
      backend: machine.backend,
      // "Build 1620 and near"; the M1 Max's log says 1026.
      version: machine.id === "m1-max-24c-32gb" ? "b1026" : "b1620",
    },
    model: modelFacts(entry, quant.join("_"), weightsGib.get(row.model)),
    entry,
    settings: { nCtx: contextTokens, ...settings },
    workload: workloadOf(kind),
    ...parts,
  });
}

function workloadOf(kind) {
  return workloadNamed(kind === "tg" ? "tg1024" : "pp494");
}

function ranParts(row, kind) {
  const doubtful = row.device === "gpu" && Number(row.pp_mean) < cpuLikePrompt;
  const samples = [1, 2, 3].map((run) => Number(row[`${kind}${run}`]));
  const onCpu = row.device === "cpu" ? { gpuLayers: 0 } : {};
  return {
    settings: doubtful ? { gpuLayers: null } : onCpu,
    warnings: [
      ...(kind === "tg" ? ["tg follows a prompt of about 494 tokens"] : []),
      ...(doubtful ? ["as slow as a CPU; the source doesn't say that it was one"] : []),
    ].map(warningOf),
    end: measured(workloadOf(kind), summary(samples)),
  };
}

function summary(samples) {
  const average = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const squares = samples.reduce((sum, sample) => sum + (sample - average) ** 2, 0);
  return {
    launches: samples.length,
    repetitions: samples.length,
    values: samples,
    mean: average,
    sd: Math.sqrt(squares / (samples.length - 1)),
    min: Math.min(...samples),
    max: Math.max(...samples),
  };
}
