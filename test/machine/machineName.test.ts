import { describe, expect, it } from "vitest";
import type { EngineDevice } from "../../src/bench/engineInfo.ts";
import { chipName, machineName } from "../../src/machine/machineName.ts";
import { soldMemoryGib } from "../../src/machine/memorySize.ts";

const mib = 2 ** 20;
const gib = 2 ** 30;

function gpu(description: string, totalMib: number, type: "gpu" | "igpu" = "gpu"): EngineDevice {
  const bytes = totalMib * mib;
  return { name: "GPU0", description, type, free_bytes: bytes, total_bytes: bytes };
}

const i9 = "Intel(R) Core(TM) i9-14900K";
const rtx4090 = gpu("NVIDIA GeForce RTX 4090", 24_210);
const rtx5090 = gpu("NVIDIA GeForce RTX 5090", 32_109);
const llvmpipe = gpu("llvmpipe (LLVM 15.0.6, 256 bits)", 2048);

describe("a chip's name", () => {
  it.each([
    ["NVIDIA GeForce RTX 4090", "rtx-4090"],
    ["NVIDIA GeForce RTX 4090 Laptop GPU", "rtx-4090-laptop"],
    ["NVIDIA GeForce RTX 4070 Ti SUPER", "rtx-4070-ti-super"],
    ["NVIDIA GeForce GTX 1060 6GB", "gtx-1060"],
    ["NVIDIA RTX A6000", "rtx-a6000"],
    ["NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"],
    ["NVIDIA RTX PRO 6000 Blackwell Workstation Edition", "rtx-pro-6000-blackwell"],
    ["NVIDIA RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000-blackwell-server"],
    ["NVIDIA A100-SXM4-80GB", "a100-sxm4"],
    ["NVIDIA A100 80GB PCIe", "a100-pcie"],
    ["NVIDIA H100 80GB HBM3", "h100"],
    ["NVIDIA H100 PCIe", "h100-pcie"],
    ["NVIDIA GB10", "gb10"],
    ["Apple M3 Max", "m3-max"],
    ["AMD Radeon RX 7900 XTX (RADV NAVI31)", "rx-7900-xtx"],
    ["AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", "ryzen-ai-max-395"],
    ["AMD Ryzen 9 7950X 16-Core Processor", "ryzen-9-7950x"],
    ["AMD EPYC 7763 64-Core Processor", "epyc-7763"],
    ["Intel(R) Core(TM) i9-14900K", "core-i9-14900k"],
    ["13th Gen Intel(R) Core(TM) i7-1365U", "core-i7-1365u"],
    ["Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "xeon-e5-2680-v4"],
    ["Intel(R) Arc(TM) A770 Graphics (DG2)", "arc-a770"],
    ["Cortex-X925", "cortex-x925"],
  ])("of %s is %s", (description, name) => {
    expect(chipName(description)).toBe(name);
  });
});

describe("a machine's name", () => {
  it.each<[string, Parameters<typeof machineName>[0], string]>([
    [
      "a Mac: chip, GPU cores, RAM",
      {
        cpu: "Apple M3 Max",
        ramBytes: 64 * gib,
        gpus: [gpu("Apple M3 Max", 49_152)],
        gpuCores: 40,
      },
      "m3-max-40c-64gb",
    ],
    [
      "a Mac whose GPU cores are unknown",
      { cpu: "Apple M1", ramBytes: 8 * gib, gpus: [], gpuCores: null },
      "m1-8gb",
    ],
    [
      "one card",
      { cpu: i9, ramBytes: 62.6 * gib, gpus: [rtx4090], gpuCores: null },
      "rtx-4090-24gb",
    ],
    [
      "two alike",
      { cpu: i9, ramBytes: 64 * gib, gpus: [rtx4090, rtx4090], gpuCores: null },
      "2x-rtx-4090-24gb",
    ],
    [
      "two that differ",
      { cpu: i9, ramBytes: 64 * gib, gpus: [rtx5090, rtx4090], gpuCores: null },
      "rtx-5090-32gb-rtx-4090-24gb",
    ],
    [
      "a card beside an integrated GPU: the card",
      {
        cpu: i9,
        ramBytes: 64 * gib,
        gpus: [gpu("Intel(R) UHD Graphics 770 (RPL-S)", 48_000, "igpu"), rtx4090],
        gpuCores: null,
      },
      "rtx-4090-24gb",
    ],
    [
      "a laptop's card",
      {
        cpu: i9,
        ramBytes: 31.7 * gib,
        gpus: [gpu("NVIDIA GeForce RTX 4090 Laptop GPU", 16_048)],
        gpuCores: null,
      },
      "rtx-4090-laptop-16gb",
    ],
    [
      "an AMD chip with unified memory",
      {
        cpu: "AMD RYZEN AI MAX+ 395 w/ Radeon 8060S",
        ramBytes: 125.1 * gib,
        gpus: [gpu("AMD Radeon Graphics (RADV GFX1151)", 97_503, "igpu")],
        gpuCores: null,
      },
      "ryzen-ai-max-395-128gb",
    ],
    [
      "an NVIDIA chip with unified memory",
      {
        cpu: "Cortex-X925",
        ramBytes: 119.7 * gib,
        gpus: [gpu("NVIDIA GB10", 122_564, "igpu")],
        gpuCores: null,
      },
      "gb10-128gb",
    ],
    [
      "no GPU: CPU and RAM",
      { cpu: "AMD EPYC", ramBytes: 23.54 * gib, gpus: [], gpuCores: null },
      "epyc-24gb",
    ],
    [
      "a software device, which is no GPU",
      { cpu: "AMD EPYC", ramBytes: 23.54 * gib, gpus: [llvmpipe], gpuCores: null },
      "epyc-24gb",
    ],
    ["a CPU without a name", { cpu: "", ramBytes: 4 * gib, gpus: [], gpuCores: null }, "cpu-4gb"],
  ])("%s", (_, facts, name) => {
    expect(machineName(facts)).toBe(name);
  });
});

describe("the size on the box", () => {
  // Totals that llama.cpp and nvidia-smi print of these cards.
  it.each([
    ["RTX 3060", 11_909, 12],
    ["RTX 4060 Ti", 15_944, 16],
    ["RTX 3090", 24_151, 24],
    ["RTX 4090 under Windows", 24_564, 24],
    ["RTX 5090", 32_086, 32],
    ["L40S with ECC", 45_458, 48],
    ["H100", 81_079, 80],
    ["H200", 143_167, 141],
    ["RTX PRO 6000", 97_251, 96],
    ["a PC of 16 GB", 15_860, 16],
    ["a guest with 21 GiB", 21 * 1024, 22],
  ])("of %s (%i MiB) is %i GiB", (_, mibReported, sold) => {
    expect(soldMemoryGib(mibReported * mib)).toBe(sold);
  });
});
