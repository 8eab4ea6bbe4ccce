/** llama.cpp's own tables of Llama 2 7B: one figure a chip, no spread; and 70B partly offloaded. */
import { chipName } from "../../dist/machine/machineName.js";
import {
  machineColumns,
  machineNamed,
  modelColumns,
  modelOf,
  numberOf,
  table,
  testColumns,
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
          machine: `${chipName(row.chip)}-${row.gpu_cores}c`,
          gpu_info: `Apple ${row.chip}`,
          gpu_cores: Number(row.gpu_cores),
          n_devices: 1,
          backend: "metal",
          source: "ggml-org/llama.cpp discussion #4167",
        }),
      ),
    ),
  );

export const cudaAndVulkan = () =>
  table("cuda-vulkan-llama2-7b-q4_0").flatMap((row) =>
    tests.flatMap((test) =>
      figure(row[test], "q4_0", test, {
        machine: `${chipName(row.gpu)}${row.backend === "Vulkan" ? "-vulkan" : ""}`,
        gpu_info: row.gpu,
        n_devices: 1,
        backend: row.backend.toLowerCase(),
        build_commit: row.build === "" ? null : row.build,
        source: row.source,
      }),
    ),
  );

function figure(cell, quantization, test, chip) {
  const speed = numberOf(cell);
  if (speed === null) return [];
  return [
    {
      ...modelColumns(sevenB, quantization, weightsGib[quantization]),
      ...testColumns(test, sevenB),
      ...chip,
      status: "measured",
      avg_ts: speed,
    },
  ];
}

/** A 4090 with a strong host; the Mac's CPU row stands among Llama 2's. */
export const partialOffload = () =>
  table("partial-offload-70b")
    .filter(({ machine }) => machine.startsWith("RTX 4090"))
    .map(partial);

function partial(row) {
  const model = modelOf("LLaMA 3", "70B");
  return {
    ...machineColumns(machineNamed(row.machine)),
    ...modelColumns(model, "iq2_m", Number(row.weights_gib)),
    ...testColumns(row.test, model),
    cpu_info: "AMD EPYC 7742, 8 channels of DDR4-3200",
    status: "measured",
    fit: "partial",
    n_gpu_layers: Number(row.ngl),
    flash_attn: Number(row.flash_attn),
    avg_ts: Number(row.tps),
    source: row.source,
  };
}
