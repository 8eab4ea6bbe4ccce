import { describe, expect, it } from "vitest";
import {
  highestMetalLimitBytes,
  raisedMetalLimit,
  stockWorkingSetBytes,
} from "../../src/machine/metalLimit.ts";

const mib = 2 ** 20;
const gib = 2 ** 30;

describe("the stock Metal working set", () => {
  // llama.cpp logs of XiongjieDai/GPU-Benchmarks-on-LLM-Inference and issues; 36 GiB prints 28991.03 MB of 10^6 bytes.
  it.each([
    [8, 5461],
    [16, 10_922],
    [32, 21_845],
    [36, 27_648],
    [48, 36_864],
    [64, 49_152],
    [192, 147_456],
  ])("of %i GiB of RAM is %i MiB, as logged", (ramGib, workingSetMib) => {
    expect(stockWorkingSetBytes(ramGib * gib)).toBe(workingSetMib * mib);
  });
});

describe("a raised Metal limit", () => {
  it("holds what is needed with some headroom, in whole GiB", () => {
    expect(raisedMetalLimit(50 * gib, 64 * gib)).toEqual({
      limitBytes: 53 * gib,
      leavesBytes: 11 * gib,
      command: "sudo sysctl iogpu.wired_limit_mb=54272",
    });
  });

  it("gives up the headroom before it takes what macOS needs", () => {
    const raised = raisedMetalLimit(40.5 * gib, 48 * gib);
    expect(raised?.limitBytes).toBe(highestMetalLimitBytes(48 * gib));
    expect(raised?.leavesBytes).toBeGreaterThanOrEqual(0.15 * 48 * gib);
  });

  it.each([
    [16, 10],
    [36, 30],
    [40, 34],
    [64, 54.3994140625],
    [128, 108.7998046875],
  ])("on %i GiB is never over %d GiB: 6 GiB or 15%% stay with macOS", (ramGib, highestGib) => {
    expect(highestMetalLimitBytes(ramGib * gib) / gib).toBe(highestGib);
  });

  it("is not suggested where none would be enough", () => {
    expect(raisedMetalLimit(60 * gib, 64 * gib)).toBeNull();
    expect(raisedMetalLimit(4 * gib, 6 * gib)).toBeNull();
  });
});
