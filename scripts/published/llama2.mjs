/** Llama 1 and 2 in 2023: three runs of `main`, each a launch of its own, and the CPU where the GPU was too small. */
import {
  machineColumns,
  machineNamed,
  modelColumns,
  modelOf,
  outOfMemory,
  table,
  testColumns,
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
  const refused = {
    ...common(row, kind),
    ...outOfMemory(machineNamed(row.machine), weightsGib.get(row.model)),
  };
  if (row[`${kind}1`] === "OOM") return [refused];
  return row.device === "cpu" ? [refused, measured(row, kind)] : [measured(row, kind)];
}

function common(row, kind) {
  const machine = machineNamed(row.machine);
  const [size, ...quant] = row.model.split("_");
  const model = modelOf(row.llama_generation, size);
  return {
    ...machineColumns(machine),
    ...modelColumns(model, quant.join("_"), weightsGib.get(row.model)),
    ...testColumns(kind === "tg" ? "tg1024" : "pp494", model),
    n_ctx: contextTokens,
    kv_bytes: contextTokens * model.kvBytesPerToken,
    // "Build 1620 and near"; the M1 Max's log says 1026.
    engine_version: machine.id === "m1-max-24c-32gb" ? "b1026" : "b1620",
    source: "XiongjieDai/GPU-Benchmarks-on-LLM-Inference@c795193",
  };
}

function measured(row, kind) {
  const doubtful = row.device === "gpu" && Number(row.pp_mean) < cpuLikePrompt;
  const samples = [1, 2, 3].map((run) => Number(row[`${kind}${run}`]));
  const shared = common(row, kind);
  const onGpu = doubtful ? null : shared.n_gpu_layers;
  return {
    ...shared,
    ...summary(samples),
    status: "measured",
    n_gpu_layers: row.device === "cpu" ? 0 : onGpu,
    warnings: [
      ...(kind === "tg" ? ["tg follows a prompt of about 494 tokens"] : []),
      ...(doubtful ? ["as slow as a CPU; the source doesn't say that it was one"] : []),
    ],
  };
}

function summary(samples) {
  const average = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const squares = samples.reduce((sum, sample) => sum + (sample - average) ** 2, 0);
  return {
    launches: samples.length,
    repetitions: samples.length,
    samples_ts: samples,
    avg_ts: average,
    stddev_ts: Math.sqrt(squares / (samples.length - 1)),
    min_ts: Math.min(...samples),
    max_ts: Math.max(...samples),
  };
}
