import { describe, expect, it } from "vitest";
import { defaultThreads, type CpuFacts } from "../../src/machine/defaultThreads.ts";
import { parseCpuList } from "../../src/machine/linuxCpu.ts";

const noCaps = { affinity: 1024, quota: null };

const ryzen7950x: CpuFacts = {
  platform: "linux",
  arch: "x64",
  logical: 32,
  physical: 16,
  performance: null,
  performanceCpus: null,
};
// 8 performance cores of two threads, 16 efficiency cores.
const i9_14900k: CpuFacts = {
  platform: "linux",
  arch: "x64",
  logical: 32,
  physical: 24,
  performance: 8,
  performanceCpus: parseCpuList("0-15"),
};

describe("default threads, without caps", () => {
  it.each<[string, CpuFacts, number]>([
    ["a CPU with two threads a core: its cores", ryzen7950x, 16],
    ["a hybrid under Linux: its performance cores", i9_14900k, 8],
    [
      // llama.cpp passes over the CPU that follows a performance core, and so must we.
      "a hybrid without a second thread (Core Ultra 7 258V): as llama.cpp counts it",
      { ...i9_14900k, logical: 8, physical: 8, performance: 4, performanceCpus: [0, 1, 2, 3] },
      2,
    ],
    [
      "a hybrid under Windows: all its cores, as llama.cpp counts there",
      { ...i9_14900k, platform: "win32", performanceCpus: null },
      24,
    ],
    [
      "Apple silicon: its performance cores",
      {
        ...ryzen7950x,
        platform: "darwin",
        arch: "arm64",
        logical: 16,
        physical: 16,
        performance: 12,
      },
      12,
    ],
    ["an Intel Mac: its cores", { ...ryzen7950x, platform: "darwin", logical: 16, physical: 8 }, 8],
    [
      "a Linux ARM machine of two kinds of cores: all of them",
      { ...ryzen7950x, arch: "arm64", logical: 20, physical: 20 },
      20,
    ],
  ])("%s", (_, cpu, threads) => {
    expect(defaultThreads(cpu, noCaps)).toBe(threads);
  });
});

describe("default threads are capped", () => {
  it("by the affinity mask", () => {
    expect(defaultThreads(ryzen7950x, { affinity: 4, quota: null })).toBe(4);
  });

  it("by a quota, rounded down: a thread over it would stop the others", () => {
    expect(defaultThreads(ryzen7950x, { affinity: 32, quota: 2.5 })).toBe(2);
  });

  it("and never below one", () => {
    expect(defaultThreads(ryzen7950x, { affinity: 32, quota: 0.25 })).toBe(1);
  });
});

it.each([
  ["0-3", [0, 1, 2, 3]],
  ["0-1,8,10-11\n", [0, 1, 8, 10, 11]],
  ["", []],
])("the kernel's CPU list %j is read", (text, cpus) => {
  expect(parseCpuList(text)).toEqual(cpus);
});
