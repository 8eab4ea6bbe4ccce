import { describe, expect, it } from "vitest";
import { readLinuxCpu } from "../../src/machine/linuxCpu.ts";
import { fakeRoot } from "./fakeRoot.ts";

function siblings(masks: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    masks.map((mask, cpu) => [
      `sys/devices/system/cpu/cpu${cpu}/topology/thread_siblings`,
      `${mask}\n`,
    ]),
  );
}

describe("Linux' own description of the CPU", () => {
  it("counts a core once, however many threads it has", () => {
    const root = fakeRoot(siblings(["00000005", "0000000a", "00000005", "0000000a"]));
    expect(readLinuxCpu(root)).toEqual({
      physical: 2,
      performanceCpus: null,
      efficiencyCpus: null,
    });
  });

  it("tells the two kinds of an Intel hybrid apart", () => {
    const root = fakeRoot({
      ...siblings(["03", "03", "04", "08"]),
      "sys/devices/cpu_core/cpus": "0-1\n",
      "sys/devices/cpu_atom/cpus": "2-3\n",
    });
    expect(readLinuxCpu(root)).toEqual({
      physical: 3,
      performanceCpus: [0, 1],
      efficiencyCpus: [2, 3],
    });
  });

  it("says nothing where /sys is empty", () => {
    expect(readLinuxCpu(fakeRoot({})).physical).toBeNull();
  });
});
