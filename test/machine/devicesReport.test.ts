import { describe, expect, it } from "vitest";
import type { EngineDevice, EngineInfo } from "../../src/bench/engineInfo.ts";
import { describeDevices, type DevicesFacts } from "../../src/machine/devicesReport.ts";
import type { BackendProblem } from "../../src/machine/gpuLibraries.ts";
import type { GraphicsCard } from "../../src/machine/graphicsCard.ts";
import { noGraphics, type Graphics } from "../../src/machine/graphics.ts";
import type { MachineInfo } from "../../src/machine/machineInfo.ts";
import { renderDevices } from "../../src/machine/renderDevices.ts";

const gib = 2 ** 30;

const machine: MachineInfo = {
  name: "rtx-4090-24gb",
  machine_model: "ASUS ProArt X670E",
  os: "Ubuntu 24.04.1 LTS x64 kernel 6.8.0-48-generic",
  driver: "570.86.15",
  cpu_info: "AMD Ryzen 9 7950X 16-Core Processor",
  cores: { logical: 32, physical: 16, performance: null, efficiency: null },
  default_threads: 16,
  gpu_info: "NVIDIA GeForce RTX 4090",
  gpu_cores: null,
  unified_memory: false,
  ram_bytes: 62.5 * gib,
  ram_available_bytes: 55 * gib,
  ram_limit_bytes: null,
  swap_used_bytes: 0,
  power_source: "ac",
  power_mode: "governor schedutil",
  metal_wired_limit_bytes: null,
};

const rtx4090: EngineDevice = {
  name: "CUDA0",
  description: "NVIDIA GeForce RTX 4090",
  type: "gpu",
  free_bytes: 23.1 * gib,
  total_bytes: 23.64 * gib,
};
const ryzen: EngineDevice = {
  name: "CPU",
  description: "AMD Ryzen 9 7950X 16-Core Processor",
  type: "cpu",
  free_bytes: 55 * gib,
  total_bytes: 62.5 * gib,
};
const llvmpipe: EngineDevice = {
  name: "Vulkan0",
  description: "llvmpipe (LLVM 15.0.6, 256 bits)",
  type: "gpu",
  free_bytes: 2 * gib,
  total_bytes: 2 * gib,
};

function engine(backend: EngineInfo["backend"], devices: readonly EngineDevice[]): EngineInfo {
  return {
    engine: "llama.cpp",
    engine_version: "v0.4.0",
    build_commit: "5143fa8",
    build_number: 8123,
    package: "node-llama-cpp 3.21.1",
    backend,
    devices: [...devices],
    system_info: "",
    libraries: [],
  };
}

const nvidiaCard: GraphicsCard = {
  vendor: "nvidia",
  name: "NVIDIA GeForce RTX 4090",
  memoryBytes: 24 * gib,
  driver: "570.86.15",
  busyPercent: 0,
};
const amdCard: GraphicsCard = {
  vendor: "amd",
  name: "Radeon RX 7900 XTX",
  memoryBytes: 24 * gib,
  driver: null,
  busyPercent: null,
};
const linux: Graphics = { ...noGraphics, deviceFiles: { nvidia: false, render: "usable" } };

/** The way out of one problem on a Linux machine that computes on its CPU. */
function wayOutOf(problem: BackendProblem, facts: Partial<DevicesFacts>): string | null {
  const report = describeDevices({
    machine,
    engine: engine("cpu", [ryzen]),
    graphics: linux,
    problems: [problem],
    platform: "linux",
    environment: {},
    ...facts,
  });
  return report.problems[0]?.way_out ?? null;
}

const cuda = (message: string): BackendProblem => ({ backend: "cuda", message });
const vulkan = (message: string): BackendProblem => ({ backend: "vulkan", message });

function notesOf(devices: readonly EngineDevice[], environment = {}): string {
  const backend = devices.length > 1 ? "vulkan" : "cpu";
  const facts = { machine, graphics: linux, problems: [], platform: "linux" as const };
  const report = describeDevices({ ...facts, engine: engine(backend, devices), environment });
  return report.notes.join("\n");
}

describe("the way out", () => {
  const withNvidia: Graphics = {
    ...linux,
    cards: [nvidiaCard],
    deviceFiles: { nvidia: true, render: "usable" },
  };

  it.each<[string, BackendProblem, Partial<DevicesFacts>, RegExp]>([
    [
      "of CUDA without an NVIDIA card: nothing to mend",
      cuda("missing libcudart.so.13, libcuda.so.1"),
      { graphics: { ...linux, cards: [amdCard] } },
      /^nothing to mend$/,
    ],
    [
      "of a card without a driver: install it",
      cuda("missing libcuda.so.1"),
      { graphics: { ...linux, cards: [{ ...nvidiaCard, driver: null }] } },
      /install NVIDIA's driver/,
    ],
    [
      "of a card without the CUDA runtime: install the one that the driver can run",
      cuda("missing libcudart.so.13, libcublas.so.13; or missing libcudart.so.12"),
      { graphics: withNvidia },
      /install the CUDA 12 runtime/,
    ],
    [
      "of a card with a newer driver: CUDA 13",
      cuda("missing libcublas.so.13"),
      { graphics: { ...withNvidia, cards: [{ ...nvidiaCard, driver: "580.65.06" }] } },
      /install the CUDA 13 runtime/,
    ],
    [
      "of a driver too old for any CUDA that llama.cpp is built for: update it",
      cuda("loads and sees no GPU"),
      { graphics: { ...withNvidia, cards: [{ ...nvidiaCard, driver: "470.256.02" }] } },
      /update NVIDIA's driver \(470\.256\.02\): CUDA 12 needs 525/,
    ],
    [
      "of CUDA's own word about the driver: update it",
      cuda("CUDA driver version is insufficient for CUDA runtime version"),
      { graphics: withNvidia },
      /update NVIDIA's driver \(570\.86\.15\)/,
    ],
    [
      "of a container without the card: hand it in",
      cuda("missing libcuda.so.1"),
      { graphics: { ...linux, cards: [nvidiaCard], container: true } },
      /--gpus all/,
    ],
    [
      "of a hidden card: show it",
      cuda("loads and sees no GPU"),
      { graphics: withNvidia, environment: { CUDA_VISIBLE_DEVICES: "" } },
      /unset/,
    ],
    [
      "of a card that CUDA doesn't see: ask nvidia-smi",
      cuda("loads and sees no GPU"),
      { graphics: withNvidia },
      /nvidia-smi/,
    ],
    [
      "of Vulkan where CUDA computes: none is needed",
      vulkan("missing libvulkan.so.1"),
      { graphics: withNvidia, engine: engine("cuda", [rtx4090, ryzen]) },
      /^nothing to mend$/,
    ],
    [
      "of Vulkan without its loader: install it",
      vulkan("missing libvulkan.so.1"),
      { graphics: { ...linux, cards: [amdCard] } },
      /libvulkan1/,
    ],
    [
      "of Vulkan that sees no device: install the card's driver",
      vulkan("loads and sees no GPU"),
      { graphics: { ...linux, cards: [amdCard] } },
      /mesa-vulkan-drivers/,
    ],
    [
      "of a render node that belongs to others: join their group",
      vulkan("loads and sees no GPU"),
      { graphics: { ...linux, deviceFiles: { nvidia: false, render: "forbidden" } } },
      /usermod -aG render,video/,
    ],
    [
      "of a container without a render node: hand it in",
      vulkan("loads and sees no GPU"),
      {
        graphics: {
          ...linux,
          cards: [amdCard],
          deviceFiles: { nvidia: false, render: "absent" },
          container: true,
        },
      },
      /--device \/dev\/dri/,
    ],
    [
      "of Vulkan without any card: nothing to mend",
      vulkan("loads and sees no GPU"),
      {
        graphics: { ...linux, deviceFiles: { nvidia: false, render: "absent" } },
      },
      /^nothing to mend$/,
    ],
    [
      "of Vulkan under Windows: update the graphics driver",
      vulkan("vulkan-1.dll not found"),
      { graphics: { ...noGraphics, cards: [amdCard] }, platform: "win32" },
      /update the graphics driver/,
    ],
    [
      "of a platform's missing package: install again",
      { backend: "cpu", message: "no build loads" },
      {},
      /npm ci/,
    ],
  ])("%s", (_, problem, facts, expected) => {
    expect(wayOutOf(problem, facts) ?? "nothing to mend").toMatch(expected);
  });
});

describe("the report for people", () => {
  it("gives machine, engine, devices with budgets, and what is missing", () => {
    const text = renderDevices(
      describeDevices({
        machine,
        engine: engine("cuda", [rtx4090, ryzen]),
        graphics: { ...linux, cards: [nvidiaCard] },
        problems: [{ backend: "vulkan", message: "missing libvulkan.so.1" }],
        environment: {},
        platform: "linux",
      }),
    );
    expect(text).toBe(`\
machine     rtx-4090-24gb; ASUS ProArt X670E
os          Ubuntu 24.04.1 LTS x64 kernel 6.8.0-48-generic
cpu         AMD Ryzen 9 7950X 16-Core Processor; 16 cores, 32 threads; 16 used by default
ram         62.50 GiB; 55.00 GiB free to use
for models  54.50 GiB of RAM
gpu         NVIDIA GeForce RTX 4090
driver      570.86.15
power       ac, governor schedutil
llama.cpp   v0.4.0 (build 8123, 5143fa8) of node-llama-cpp 3.21.1
backend     cuda

DEVICE  NAME                                 TYPE  TOTAL      FREE       BUDGET
CUDA0   NVIDIA GeForce RTX 4090              gpu   23.64 GiB  23.10 GiB  23.10 GiB
CPU     AMD Ryzen 9 7950X 16-Core Processor  cpu   62.50 GiB  55.00 GiB  -

vulkan is not available: missing libvulkan.so.1
`);
  });

  it("says so where no build of llama.cpp loads", () => {
    const text = renderDevices(
      describeDevices({ machine, engine: null, graphics: noGraphics, problems: [] }),
    );
    expect(text).toContain("llama.cpp   none loads");
  });

  it("tells of a Mac the kinds of cores, the GPU's cores and a raised limit", () => {
    const mac: MachineInfo = {
      ...machine,
      cpu_info: "Apple M3 Max",
      cores: { logical: 16, physical: 16, performance: 12, efficiency: 4 },
      gpu_info: "Apple M3 Max",
      gpu_cores: 40,
      unified_memory: true,
      metal_wired_limit_bytes: 56 * gib,
    };
    const metal: EngineDevice = { ...rtx4090, name: "MTL0", total_bytes: 56 * gib };
    const text = renderDevices(
      describeDevices({
        machine: mac,
        engine: engine("metal", [metal]),
        graphics: noGraphics,
        problems: [],
      }),
    );
    expect(text).toContain("16 cores, 12 performance and 4 efficiency");
    expect(text).toContain("Apple M3 Max; 40 cores");
    expect(text).toContain("56.00 GiB, set by iogpu.wired_limit_mb");
    expect(text).toContain("shared with the GPU");
  });
});

describe("notes", () => {
  it("warn of a software device's speed", () => {
    expect(notesOf([llvmpipe, ryzen])).toContain("a software Vulkan device computes on the CPU");
  });

  it("say how to try offload without a GPU", () => {
    expect(notesOf([ryzen])).toContain("GGML_VK_VISIBLE_DEVICES=0");
  });

  it("warn of memory that spills silently", () => {
    expect(notesOf([ryzen], { GGML_CUDA_ENABLE_UNIFIED_MEMORY: "1" })).toContain(
      "spill into main memory",
    );
  });
});

it("--gpu-budget shows in the devices' budgets", () => {
  const report = describeDevices({
    machine,
    engine: engine("cuda", [rtx4090, ryzen]),
    graphics: linux,
    problems: [],
    gpuBudgetBytes: 20 * gib,
  });
  expect(report.devices.map(({ budget_bytes }) => budget_bytes)).toEqual([20 * gib, null]);
});
