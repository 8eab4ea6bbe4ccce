import { describe, expect, it } from "vitest";
import { describedBudget } from "../../src/machine/describedMachine.ts";
import { findMachines, machinesLike } from "../../src/machine/machineCatalogue.ts";

describe("a machine under another backend of its GPU", () => {
  it.each([
    ["ryzen-ai-max-395-128gb-rocm", "rocm"],
    ["strix-halo-rocm", "rocm"],
    ["RTX-4090-24GB-Vulkan", "vulkan"],
    ["2x-radeon-ai-pro-r9700-32gb-rocm", "rocm"],
  ])("is found as %s", (name, backend) => {
    const [machine, ...more] = findMachines(name);
    expect(more).toEqual([]);
    expect(machine?.backend).toBe(backend);
    expect(machine?.id.endsWith(`-${backend}`)).toBe(true);
  });

  it("is the same box with as much memory, whose devices are called otherwise", () => {
    const [own] = findMachines("strix-halo");
    const [other] = findMachines("strix-halo-rocm");
    expect(other).toMatchObject({ ram: own?.ram, gpus: own?.gpus, unified: own?.unified });
    const budget = other && describedBudget(other);
    expect(budget?.devices.map(({ name }) => name)).toEqual(["ROCm0"]);
  });

  it("is itself where the backend is the described one", () => {
    expect(findMachines("rtx-4090-24gb-cuda")).toEqual(findMachines("rtx-4090-24gb"));
  });

  it("is refused for a backend that its GPUs don't have", () => {
    expect(() => findMachines("m3-max-40c-64gb-rocm")).toThrow(/Apple M3 Max computes with metal/);
    expect(() => findMachines("rtx-4090-24gb-rocm")).toThrow(/cuda and vulkan/);
  });

  it("is unknown where the box is", () => {
    expect(() => findMachines("no-such-card-rocm")).toThrow(/unknown machine/);
  });

  it("is found as people type it, too", () => {
    expect(machinesLike("Strix Halo-rocm").map(({ id }) => id)).toEqual([
      "ryzen-ai-max-395-128gb-rocm",
    ]);
    expect(machinesLike("m3-max-40c-64gb-rocm")).toEqual([]);
  });
});
