/** llama.cpp's own tables of Llama 2 7B: one figure a chip, no spread; and 70B partly offloaded. */
import { chipName } from "../../dist/maintenance.js";
import { measured, published } from "./record.mjs";
import {
  machineFacts,
  machineNamed,
  modelFacts,
  modelOf,
  numberOf,
  table,
  workloadNamed,
} from "./tables.mjs";

const sevenB = modelOf("LLaMA 2", "7B");
const weightsGib = { f16: 12.55, q8_0: 6.67, q4_0: 3.56 };
const tests = ["pp512", "tg128"];

/** The memory's size isn't told, so its budget isn't either. */
export const appleSilicon = () =>
  table("apple-silicon-llama2-7b").flatMap((row) =>
    Object.keys(weightsGib).flatMap((quant) =>
      tests.flatMap((test) =>
        figure(row[`${quant}_${test}`], quant, test, {
          machine: {
            name: `${chipName(row.chip)}-${row.gpu_cores}c`,
            gpu: `Apple ${row.chip}`,
            gpuCores: Number(row.gpu_cores),
            nDevices: 1,
          },
          engine: { backend: "metal" },
          source: "ggml-org/llama.cpp discussion #4167",
        }),
      ),
    ),
  );

export const cudaAndVulkan = () =>
  table("cuda-vulkan-llama2-7b-q4_0").flatMap((row) =>
    tests.flatMap((test) =>
      figure(row[test], "q4_0", test, {
        machine: {
          name: `${chipName(row.gpu)}${row.backend === "Vulkan" ? "-vulkan" : ""}`,
          gpu: row.gpu,
          nDevices: 1,
        },
        engine: {
          backend: row.backend.toLowerCase(),
          commit: row.build === "" ? null : row.build,
        },
        source: row.source,
        // Of the scoreboard of CUDA all rows are of its first year; that of Vulkan is older, and its rows have no dates.
        date: row.backend === "CUDA" ? "2025" : null,
      }),
    ),
  );

function figure(cell, quantization, test, { machine, engine, source, date = null }) {
  const speed = numberOf(cell);
  if (speed === null) return [];
  const workload = workloadNamed(test);
  const record = published({
    machine,
    engine,
    source,
    date,
    model: modelFacts(sevenB, quantization, weightsGib[quantization]),
    entry: sevenB,
    workload,
    end: measured(workload, { mean: speed }),
  });
  return [record];
}

/** A 4090 with a strong host; the Mac's CPU row stands among Llama 2's. */
export const partialOffload = () =>
  table("partial-offload-70b")
    .filter(({ machine }) => machine.startsWith("RTX 4090"))
    .map(partial);

function partial(row) {
  const entry = modelOf("LLaMA 3", "70B");
  const machine = machineNamed(row.machine);
  const workload = workloadNamed(row.test);
  return published({
    source: row.source,
    date: "2024-06",
    machine: { ...machineFacts(machine), cpu: "AMD EPYC 7742, 8 channels of DDR4-3200" },
    engine: { backend: machine.backend },
    model: modelFacts(entry, "iq2_m", Number(row.weights_gib)),
    entry,
    settings: { gpuLayers: Number(row.ngl), flashAttn: Number(row.flash_attn) === 1 },
    workload,
    fit: { atCase: "partial" },
    end: measured(workload, { mean: Number(row.tps) }),
  });
}
