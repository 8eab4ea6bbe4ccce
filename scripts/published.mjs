/**
 * Writes reports/reference/: the published figures of scripts/published/ in llmbench's CSV schema, one file a machine,
 * each row with its source behind llmbench's own columns. Needs a built checkout.
 *
 *   node scripts/published.mjs
 *
 * Bytes are arithmetic, not published: weights from the size in GiB, the KV cache (f16) from the model's shape. Compute
 * buffers of those builds aren't known and stay empty. A discrete card's budget is its nominal memory, a Mac's the
 * working set that its logs print.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { columnNames } from "../dist/results/caseResult.js";
import { toCell } from "../dist/results/csvCell.js";
import { chipName } from "../dist/machine/machineName.js";

const folder = dirname(fileURLToPath(import.meta.url));
const published = (name) =>
  parse(readFileSync(join(folder, "published", name), "utf8"), { columns: true });

const GiB = 2 ** 30;
const MiB = 2 ** 20;
const numberOf = (cell) => (cell === undefined || cell === "" ? null : Number(cell));

const models = published("models.csv").map((row) => ({
  ...row,
  nLayers: Number(row.n_layers),
  nParams: Number(row.n_params),
  trained: Number(row.n_ctx_train),
  /** Keys and values of f16, all layers. */
  kvBytesPerToken: 2 * 2 * Number(row.n_layers) * Number(row.kv_width),
}));
const machines = published("machines.csv").flatMap((row) =>
  row.names.split("|").map((name) => ({ ...row, name })),
);

function machineNamed(name) {
  const found = machines.find((machine) => machine.name === name);
  if (found === undefined) throw new Error(`machines.csv: no machine is named ${name}`);
  return found;
}

function modelOf(generation, size) {
  const found = models.find((model) => model.generation === generation && model.size === size);
  if (found === undefined) throw new Error(`models.csv: no ${generation} ${size}`);
  return found;
}

function machineColumns(machine) {
  return {
    machine: machine.id,
    gpu_info: Array.from({ length: Number(machine.n_devices) }, () => machine.gpu_info).join(", "),
    gpu_cores: numberOf(machine.gpu_cores),
    n_devices: Number(machine.n_devices),
    backend: machine.backend,
    ram_bytes: machine.ram_gib === "" ? null : Number(machine.ram_gib) * GiB,
    gpu_budget_bytes: machine.gpu_budget_mib === "" ? null : Number(machine.gpu_budget_mib) * MiB,
  };
}

function modelColumns(model, quantization, weightsGib) {
  const weights = Math.round(weightsGib * GiB);
  return {
    model: model.id,
    model_size: weights,
    weights_bytes: weights,
    model_n_params: model.nParams,
    quantization,
    n_layers: model.nLayers,
    type_k: "f16",
    type_v: "f16",
  };
}

function testColumns(kind, tokens, model) {
  const context = Math.ceil(tokens / 256) * 256;
  return {
    test: `${kind}${tokens}`,
    n_prompt: kind === "pp" ? tokens : 0,
    n_gen: kind === "tg" ? tokens : 0,
    n_depth: 0,
    n_ctx: context,
    kv_bytes: context * model.kvBytesPerToken,
  };
}

const tests = ["pp", "tg"].flatMap((kind) => [512, 1024, 4096, 8192].map((n) => [kind, n]));

/** The runs of Llama 3 as llama-bench printed them: five repetitions of one launch. */
function llama3Measured() {
  return published("llama3-2024-05-stddev.csv").map((row) => {
    const machine = machineNamed(row.machine);
    const [, size, quant] = /^llama (\S+) (.+)$/.exec(row.model);
    const model = modelOf("LLaMA 3", size);
    const [kind, tokens] = row.test.split(" ");
    return {
      ...machineColumns(machine),
      ...modelColumns(model, quantName(quant), Number(row.size.split(" ")[0])),
      ...testColumns(kind, Number(tokens), model),
      ...bench,
      ...build(machine),
      status: "measured",
      n_gpu_layers: model.nLayers + 1,
      repetitions: 5,
      launches: 1,
      avg_ts: Number(row.tps),
      // Printed with two decimals: ± 0.00 means below 0.005.
      stddev_ts: row.stddev === "" ? null : Math.max(Number(row.stddev), 0.005),
      source: `XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0e ${row.source}`,
    };
  });
}

/** Each machine ran one build; some of its tables don't repeat it. */
function build(machine) {
  const row = published("llama3-2024-05-stddev.csv").find(
    ({ machine: name, build_number }) => machineNamed(name).id === machine.id && build_number !== "",
  );
  return row === undefined
    ? {}
    : { engine_version: `b${row.build_number}`, build_commit: row.build_commit };
}

/** Defaults of llama-bench in May 2024, which those runs kept. */
const bench = { n_batch: 2048, n_ubatch: 512, flash_attn: 0, split_mode: "layer" };

function quantName(label) {
  return { "Q4_K - Medium": "q4_k_m", F16: "f16", Q4_K_M: "q4_k_m" }[label];
}

/** Cells that say OOM beside measured ones: it ran at a shorter length. */
function llama3OutOfMemory() {
  return published("llama3-2024-05.csv").flatMap((row) => {
    const machine = machineNamed(row.machine);
    const [size, quant] = row.model.split(" ");
    const model = modelOf("LLaMA 3", size);
    const gib = size === "8B" ? { Q4_K_M: 4.58, F16: 14.96 }[quant] : 39.59;
    return tests
      .filter(([kind, tokens]) => row[`${kind}${tokens}`] === "OOM")
      .map(([kind, tokens]) => ({
        ...machineColumns(machine),
        ...modelColumns(model, quantName(quant), gib),
        ...testColumns(kind, tokens, model),
        ...bench,
        ...build(machine),
        ...outOfMemory(machine, gib),
        n_gpu_layers: model.nLayers + 1,
        source: row.source,
      }));
  });
}

function outOfMemory(machine, weightsGib) {
  const tooLarge = weightsGib * GiB > Number(machine.gpu_budget_mib) * MiB;
  return {
    status: "does_not_fit",
    // Where the weights alone are too large nobody will have tried.
    reason: tooLarge ? "predicted_oom: published as OOM" : "measured_oom: published as OOM",
  };
}

/** Models that are OOM at any length. */
function llama3NotAtAll() {
  return published("fit-ground-truth.csv")
    .filter(({ generation, label }) => generation === "LLaMA 3" && label === "gpu_oom")
    .flatMap((row) => {
      const machine = machineNamed(row.machine);
      const [size, quant] = row.model.split(" ");
      const model = modelOf("LLaMA 3", size);
      return tests.map(([kind, tokens]) => ({
        ...machineColumns(machine),
        ...modelColumns(model, quantName(quant), Number(row.weights_gib)),
        ...testColumns(kind, tokens, model),
        ...bench,
        ...build(machine),
        ...outOfMemory(machine, Number(row.weights_gib)),
        n_gpu_layers: model.nLayers + 1,
        source: row.source,
      }));
    });
}

const note2023 = "tg follows a prompt of about 494 tokens";
/** Slower than this at pp a GPU that holds the model never is; the CPU always. */
const cpuLikePrompt = 20;

/** Llama 1 and 2 in 2023: three runs of `main`, each a launch of its own. */
function llama2() {
  const weights = new Map(published("fit-ground-truth.csv").map((row) => [row.model, Number(row.weights_gib)]));
  return published("llama1-llama2-2023-12.csv").flatMap((row) => {
    const machine = machineNamed(row.machine);
    const [size, ...quant] = row.model.split("_");
    const model = modelOf(row.llama_generation, size);
    const gib = weights.get(row.model);
    // The context held the prompt and what was generated.
    const context = { n_ctx: 1536, kv_bytes: 1536 * model.kvBytesPerToken };
    const common = (kind) => ({
      ...machineColumns(machine),
      ...modelColumns(model, quant.join("_"), gib),
      ...testColumns(kind, kind === "tg" ? 1024 : 494, model),
      ...context,
      // The README of the tables: build 1620 and near; the M1 Max's log says 1026.
      engine_version: machine.id === "m1-max-24c-32gb" ? "b1026" : "b1620",
      source: "XiongjieDai/GPU-Benchmarks-on-LLM-Inference@c795193",
    });
    return ["pp", "tg"].flatMap((kind) => {
      const refused = { ...common(kind), ...outOfMemory(machine, gib), n_gpu_layers: model.nLayers + 1 };
      if (row[`${kind}1`] === "OOM") return [refused];
      const samples = [1, 2, 3].map((run) => Number(row[`${kind}${run}`]));
      const doubtful = row.device === "gpu" && Number(row.pp_mean) < cpuLikePrompt;
      const measured = {
        ...common(kind),
        status: "measured",
        n_gpu_layers: row.device === "cpu" ? 0 : doubtful ? null : model.nLayers + 1,
        launches: 3,
        repetitions: 3,
        samples_ts: samples,
        ...summary(samples),
        warnings: [
          ...(kind === "tg" ? [note2023] : []),
          ...(doubtful ? ["as slow as a CPU; the source doesn't say that it was one"] : []),
        ],
      };
      return row.device === "cpu" ? [refused, measured] : [measured];
    });
  });
}

function summary(samples) {
  const avg = samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
  const squares = samples.reduce((sum, sample) => sum + (sample - avg) ** 2, 0);
  return {
    avg_ts: avg,
    stddev_ts: Math.sqrt(squares / (samples.length - 1)),
    min_ts: Math.min(...samples),
    max_ts: Math.max(...samples),
  };
}

/** llama.cpp's tables of Llama 2 7B: one figure a chip, no spread; memory size not told. */
function appleSilicon() {
  const model = modelOf("LLaMA 2", "7B");
  const gib = { f16: 12.55, q8_0: 6.67, q4_0: 3.56 };
  return published("apple-silicon-llama2-7b.csv").flatMap((row) =>
    Object.entries(gib).flatMap(([quant, weightsGib]) =>
      [["pp", 512], ["tg", 128]].flatMap(([kind, tokens]) => {
        const speed = numberOf(row[`${quant}_${kind}${tokens}`]);
        if (speed === null) return [];
        return [{
          machine: `${chipName(row.chip)}-${row.gpu_cores}c`,
          gpu_info: `Apple ${row.chip}`,
          gpu_cores: Number(row.gpu_cores),
          n_devices: 1,
          backend: "metal",
          ...modelColumns(model, quant, weightsGib),
          ...testColumns(kind, tokens, model),
          status: "measured",
          n_gpu_layers: model.nLayers + 1,
          avg_ts: speed,
          source: "ggml-org/llama.cpp discussion #4167",
        }];
      }),
    ),
  );
}

function cudaAndVulkan() {
  const model = modelOf("LLaMA 2", "7B");
  return published("cuda-vulkan-llama2-7b-q4_0.csv").flatMap((row) =>
    [["pp", 512], ["tg", 128]].flatMap(([kind, tokens]) => {
      const speed = numberOf(row[`${kind}${tokens}`]);
      if (speed === null) return [];
      const backend = row.backend.toLowerCase();
      return [{
        machine: `${chipName(row.gpu)}${backend === "vulkan" ? "-vulkan" : ""}`,
        gpu_info: row.gpu,
        n_devices: 1,
        backend,
        ...modelColumns(model, "q4_0", 3.56),
        ...testColumns(kind, tokens, model),
        status: "measured",
        n_gpu_layers: model.nLayers + 1,
        build_commit: row.build === "" ? null : row.build,
        avg_ts: speed,
        source: row.source,
      }];
    }),
  );
}

/** 70B with layers on the CPU of a strong host; the CPU-only row stands among Llama 2's. */
function partialOffload() {
  return published("partial-offload-70b.csv")
    .filter(({ machine }) => machine.startsWith("RTX 4090"))
    .map((row) => {
      const model = modelOf("LLaMA 3", "70B");
      const [, kind, tokens] = /^(pp|tg)(\d+)$/.exec(row.test);
      return {
        ...machineColumns(machineNamed(row.machine)),
        cpu_info: "AMD EPYC 7742, 8 channels of DDR4-3200",
        ...modelColumns(model, "iq2_m", Number(row.weights_gib)),
        ...testColumns(kind, Number(tokens), model),
        status: "measured",
        fit: "partial",
        n_gpu_layers: Number(row.ngl),
        flash_attn: Number(row.flash_attn),
        avg_ts: Number(row.tps),
        source: row.source,
      };
    });
}

/** The use context, and what is known of it: measured there, refused there, else weights and KV against the budget. */
function withUseFit(rows) {
  return rows.map((row) => {
    const model = models.find(({ id }) => id === row.model);
    const fit_ctx = Math.min(8192, model.trained);
    const own = rows.filter((other) => other.model === row.model && other.quantization === row.quantization);
    const needed = row.weights_bytes + fit_ctx * model.kvBytesPerToken;
    const onGpu = ({ n_gpu_layers, n_layers, status }) => status === "measured" && n_gpu_layers > n_layers;
    const heldThere = own.some((other) => onGpu(other) && other.n_ctx >= fit_ctx);
    const refused = own.some(({ status, n_ctx }) => status === "does_not_fit" && n_ctx <= fit_ctx);
    const full = heldThere || (!refused && row.gpu_budget_bytes !== null && needed <= row.gpu_budget_bytes);
    return { ...row, fit_ctx, fit_at_ctx: full ? "full" : otherwise(row, needed) };
  });
}

/** With the rest in host memory; unknown where that isn't known. */
function otherwise({ ram_bytes, gpu_budget_bytes, backend, fit }, needed) {
  if (gpu_budget_bytes === null) return null;
  if (fit === "partial") return "partial";
  if (backend !== "metal" || ram_bytes === null) return null;
  return needed <= ram_bytes ? "partial" : "none";
}

const empty = {
  ...Object.fromEntries(columnNames.map((name) => [name, null])),
  schema_version: 1,
  run_id: "published",
  engine: "llama.cpp",
  weights: "real",
  samples_ts: [],
  warnings: [],
};

const rows = [
  ...llama3Measured(),
  ...llama3OutOfMemory(),
  ...llama3NotAtAll(),
  ...llama2(),
  ...appleSilicon(),
  ...cudaAndVulkan(),
  ...partialOffload(),
];
const byMachine = Map.groupBy
  ? Map.groupBy(rows, ({ machine }) => machine)
  : rows.reduce((map, row) => map.set(row.machine, [...(map.get(row.machine) ?? []), row]), new Map());

const target = join(folder, "..", "reports", "reference");
mkdirSync(target, { recursive: true });
for (const file of readdirSync(target)) if (file.endsWith(".csv")) rmSync(join(target, file));
for (const [machine, own] of byMachine) {
  const lines = withUseFit(own).map((row, index) => {
    const whole = { ...empty, ...row, case_id: `${machine}-${index + 1}` };
    return [...columnNames.map((name) => toCell(whole[name])), row.source];
  });
  const text = stringify([[...columnNames, "source"], ...lines], { record_delimiter: "windows" });
  writeFileSync(join(target, `${machine}.csv`), text);
}
console.log(`${rows.length} rows of ${byMachine.size} machines in ${target}`);
