/** Llama 3 in May 2024, as llama-bench printed it: five repetitions of one launch, and cells that say OOM. */
import { measured, published } from "./record.mjs";
import {
  machineFacts,
  machineNamed,
  modelFacts,
  modelOf,
  outOfMemory,
  sourceOf,
  table,
  workloadNamed,
} from "./tables.mjs";

const measuredRows = table("llama3-2024-05-stddev");
const tests = ["pp", "tg"].flatMap((kind) => [512, 1024, 4096, 8192].map((n) => `${kind}${n}`));
const quantizations = { "Q4_K - Medium": "q4_k_m", Q4_K_M: "q4_k_m", F16: "f16" };
const weightsGib = { "8B Q4_K_M": 4.58, "8B F16": 14.96, "70B Q4_K_M": 39.59, "70B F16": 131.42 };

export const llama3 = () => [...measuredRows.map(ran), ...cells(), ...notAtAll()];

function ran(row) {
  const [, size, quant] = /^llama (\S+) (.+)$/.exec(row.model);
  const workload = workloadNamed(row.test);
  const entry = modelOf("LLaMA 3", size);
  return published({
    ...parts(machineNamed(row.machine)),
    source: `XiongjieDai/GPU-Benchmarks-on-LLM-Inference@aa72e0e ${row.source}`,
    model: modelFacts(entry, quantizations[quant], Number(row.size.split(" ")[0])),
    entry,
    workload,
    end: measured(workload, {
      repetitions: 5,
      launches: 1,
      mean: Number(row.tps),
      // Printed with two decimals: ± 0.00 means below 0.005.
      sd: row.stddev === "" ? null : Math.max(Number(row.stddev), 0.005),
    }),
  });
}

/** llama-bench's defaults of that month, which the runs kept; and the one build that each machine ran. */
function parts(machine) {
  const row = measuredRows.find(
    ({ machine: name, build_number: number }) =>
      machineNamed(name).id === machine.id && number !== "",
  );
  return {
    date: "2024-05",
    machine: machineFacts(machine),
    engine: {
      backend: machine.backend,
      version: row === undefined ? null : `b${row.build_number}`,
      commit: row?.build_commit ?? null,
    },
    settings: { nBatch: 2048, nUbatch: 512, flashAttn: false, splitMode: "layer" },
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
  const entry = modelOf("LLaMA 3", size);
  const gib = weightsGib[row.model];
  return published({
    ...parts(machine),
    source: sourceOf(row),
    model: modelFacts(entry, quantizations[quant], gib),
    entry,
    workload: workloadNamed(test),
    end: outOfMemory(machine, gib),
  });
}
