/** Llama 3 in May 2024, as llama-bench printed it: five repetitions of one launch, and cells that say OOM. */
import {
  machineColumns,
  machineNamed,
  modelColumns,
  modelOf,
  outOfMemory,
  table,
  testColumns,
} from "./tables.mjs";

const measuredRows = table("llama3-2024-05-stddev");
const tests = ["pp", "tg"].flatMap((kind) => [512, 1024, 4096, 8192].map((n) => `${kind}${n}`));
const quantizations = { "Q4_K - Medium": "q4_k_m", Q4_K_M: "q4_k_m", F16: "f16" };
const weightsGib = { "8B Q4_K_M": 4.58, "8B F16": 14.96, "70B Q4_K_M": 39.59, "70B F16": 131.42 };

export const llama3 = () => [...measuredRows.map(measured), ...cells(), ...notAtAll()];

function measured(row) {
  const machine = machineNamed(row.machine);
  const [, size, quant] = /^llama (\S+) (.+)$/.exec(row.model);
  const model = modelOf("LLaMA 3", size);
  return {
    ...machineColumns(machine),
    ...modelColumns(model, quantizations[quant], Number(row.size.split(" ")[0])),
    ...testColumns(row.test, model),
    ...bench(machine),
    status: "measured",
    repetitions: 5,
    launches: 1,
    avg_ts: Number(row.tps),
    // Printed with two decimals: ± 0.00 means below 0.005.
    stddev_ts: row.stddev === "" ? null : Math.max(Number(row.stddev), 0.005),
    source: `XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0e ${row.source}`,
  };
}

/** llama-bench's defaults of that month, which the runs kept; and the one build that each machine ran. */
function bench(machine) {
  const row = measuredRows.find(
    ({ machine: name, build_number: number }) =>
      machineNamed(name).id === machine.id && number !== "",
  );
  return {
    n_batch: 2048,
    n_ubatch: 512,
    flash_attn: 0,
    split_mode: "layer",
    engine_version: row === undefined ? null : `b${row.build_number}`,
    build_commit: row?.build_commit ?? null,
  };
}

/** OOM at some lengths: it ran at shorter ones. */
function cells() {
  return table("llama3-2024-05").flatMap((row) =>
    tests.flatMap((test) => (row[test] === "OOM" ? [refused(row, test)] : [])),
  );
}

/** OOM at any length. */
function notAtAll() {
  return table("fit-ground-truth")
    .filter(({ generation, label }) => generation === "LLaMA 3" && label === "gpu_oom")
    .flatMap((row) => tests.map((test) => refused(row, test)));
}

function refused(row, test) {
  const machine = machineNamed(row.machine);
  const [size, quant] = row.model.split(" ");
  const model = modelOf("LLaMA 3", size);
  const gib = weightsGib[row.model];
  return {
    ...machineColumns(machine),
    ...modelColumns(model, quantizations[quant], gib),
    ...testColumns(test, model),
    ...bench(machine),
    ...outOfMemory(machine, gib),
    source: row.source,
  };
}
