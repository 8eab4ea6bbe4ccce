import { describe, expect, it } from "vitest";
import type { EngineDevice } from "../../src/bench/engineInfo.ts";
import {
  hasDeviceMemory,
  memoryBudget,
  probedBudget,
  sharesHostMemory,
  totalGpuBudget,
  totalMemory,
  withHostBytes,
  withoutDevices,
} from "../../src/machine/memoryBudget.ts";

const mib = 2 ** 20;
const gib = 2 ** 30;

const rtx4090: EngineDevice = {
  name: "CUDA0",
  description: "NVIDIA GeForce RTX 4090",
  type: "gpu",
  free_bytes: 23_700 * mib,
  total_bytes: 24_080 * mib,
};
const intelGraphics: EngineDevice = {
  name: "Vulkan1",
  description: "Intel(R) UHD Graphics 770 (RPL-S)",
  type: "igpu",
  free_bytes: 40 * gib,
  total_bytes: 47 * gib,
};
const cpu: EngineDevice = {
  name: "CPU",
  description: "Intel(R) Core(TM) i9-14900K",
  type: "cpu",
  free_bytes: 0,
  total_bytes: 0,
};
const metal = (workingSetBytes: number): EngineDevice => ({
  name: "MTL0",
  description: "Apple M3 Max",
  type: "gpu",
  // Metal's free memory knows only what this process took.
  free_bytes: workingSetBytes - 3 * gib,
  total_bytes: workingSetBytes,
});

const desktop = { ram_bytes: 64 * gib, ram_available_bytes: 58 * gib };

describe("a discrete GPU's budget", () => {
  it("is what the device has free, with llama.cpp's own margin of 1024 MiB", () => {
    const budget = probedBudget(desktop, { backend: "cuda", devices: [rtx4090, cpu] });
    expect(budget).toMatchObject({
      pools: [
        { name: "CUDA0", budgetBytes: 23_700 * mib },
        { name: "host memory", budgetBytes: 58 * gib - 512 * mib },
      ],
      devices: [{ name: "CUDA0", budgetBytes: 23_700 * mib, marginBytes: 1024 * mib }],
      ramBytes: 64 * gib,
      hostBytes: 58 * gib - 512 * mib,
      metalWorkingSetBytes: null,
      overridden: false,
    });
  });

  it("is summed over the devices for the CSV, and kept apart for the fit", () => {
    const second = { ...rtx4090, name: "CUDA1", free_bytes: 20 * gib };
    const budget = probedBudget(desktop, { backend: "cuda", devices: [rtx4090, second, cpu] });
    expect(budget.devices.map(({ budgetBytes }) => budgetBytes)).toEqual([23_700 * mib, 20 * gib]);
    expect(totalGpuBudget(budget)).toBe(23_700 * mib + 20 * gib);
  });

  it("leaves an integrated GPU beside it out, as llama.cpp does", () => {
    const budget = probedBudget(desktop, {
      backend: "vulkan",
      devices: [{ ...rtx4090, name: "Vulkan0" }, intelGraphics, cpu],
    });
    expect(budget.devices.map(({ name }) => name)).toEqual(["Vulkan0"]);
    expect(sharesHostMemory(budget)).toBe(false);
  });
});

describe("a unified budget", () => {
  it("is Metal's working set where the RAM has that much left", () => {
    const budget = probedBudget(
      { ram_bytes: 64 * gib, ram_available_bytes: 56 * gib },
      { backend: "metal", devices: [metal(48 * gib), cpu] },
    );
    expect(budget).toMatchObject({
      pools: [{ name: "memory", budgetBytes: 56 * gib - 512 * mib }],
      devices: [{ budgetBytes: 48 * gib, marginBytes: Math.round(2.4 * gib), pool: "memory" }],
      metalWorkingSetBytes: 48 * gib,
    });
  });

  it("is what the RAM has left where other programs fill it, and both figures stay visible", () => {
    const budget = probedBudget(
      { ram_bytes: 64 * gib, ram_available_bytes: 30 * gib },
      { backend: "metal", devices: [metal(48 * gib), cpu] },
    );
    expect(budget.devices[0]?.budgetBytes).toBe(30 * gib - 512 * mib);
    expect(budget.metalWorkingSetBytes).toBe(48 * gib);
  });

  it("is an integrated GPU's on any other platform too", () => {
    const budget = probedBudget(desktop, { backend: "vulkan", devices: [intelGraphics, cpu] });
    expect(budget).toMatchObject({ devices: [{ budgetBytes: 40 * gib }] });
    expect(sharesHostMemory(budget)).toBe(true);
    expect(hasDeviceMemory(budget)).toBe(false);
  });
});

it("a software Vulkan device's budget is its whole heap, since it never says less", () => {
  const llvmpipe: EngineDevice = {
    name: "Vulkan0",
    description: "llvmpipe (LLVM 15.0.6, 256 bits)",
    type: "gpu",
    free_bytes: 2 * gib,
    total_bytes: 2 * gib,
  };
  expect(probedBudget(desktop, { backend: "vulkan", devices: [llvmpipe] }).devices).toMatchObject([
    { budgetBytes: 2 * gib },
  ]);
});

describe("without a GPU", () => {
  const budget = probedBudget(desktop, { backend: "cpu", devices: [cpu] }, 20 * gib);

  it("the RAM that is left is the budget", () => {
    const hostBytes = 58 * gib - 512 * mib;
    expect(budget).toMatchObject({ devices: [], hostBytes });
    expect(budget.pools).toEqual([{ name: "host memory", budgetBytes: hostBytes }]);
  });

  it("there is no GPU budget, and none to override", () => {
    expect(totalGpuBudget(budget)).toBeNull();
    expect(budget.overridden).toBe(false);
  });
});

describe("--gpu-budget", () => {
  it("stands in place of what each device says, without a margin", () => {
    const budget = probedBudget(desktop, { backend: "cuda", devices: [rtx4090] }, 20 * gib);
    expect(budget).toMatchObject({
      devices: [{ budgetBytes: 20 * gib, marginBytes: 0 }],
      overridden: true,
    });
  });

  it("cannot make unified memory larger than the RAM has left", () => {
    const facts = {
      ramBytes: 32 * gib,
      ramAvailableBytes: 26 * gib,
      metal: true,
      devices: [
        {
          name: "MTL0",
          description: "Apple M1 Max",
          memory: "host" as const,
          usableBytes: 21_845 * mib,
        },
      ],
    };
    expect(memoryBudget(facts, 100 * gib).devices[0]?.budgetBytes).toBe(26 * gib - 512 * mib);
  });
});

describe("pools of unlike devices", () => {
  const budget = memoryBudget({
    ramBytes: 32 * gib,
    ramAvailableBytes: 24 * gib,
    metal: false,
    devices: [
      { name: "CUDA0", description: "a card", memory: "own", usableBytes: 24 * gib },
      { name: "CUDA1", description: "a smaller one", memory: "own", usableBytes: 8 * gib },
      { name: "Vulkan0", description: "graphics", memory: "host", usableBytes: 12 * gib },
    ],
  });

  it("are one of each device with memory of its own, and the host's, which others share", () => {
    expect(budget.pools).toEqual([
      { name: "CUDA0", budgetBytes: 24 * gib },
      { name: "CUDA1", budgetBytes: 8 * gib },
      { name: "memory", budgetBytes: 24 * gib - 512 * mib },
    ]);
    expect(totalMemory(budget)).toBe(56 * gib - 512 * mib);
  });

  it("are the host's alone without devices", () => {
    expect(withoutDevices(budget)).toMatchObject({ devices: [], pools: [{ name: "memory" }] });
  });

  it("grow with the host's memory", () => {
    expect(totalMemory(withHostBytes(budget, 100 * gib))).toBe(132 * gib);
  });
});
