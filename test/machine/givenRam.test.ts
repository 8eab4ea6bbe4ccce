import { describe, expect, it } from "vitest";
import { ramSourceKey, withRam } from "../../src/machine/givenRam.ts";
import { findMachines } from "../../src/machine/machineCatalogue.ts";

function machine(name: string) {
  const [found] = findMachines(name);
  if (found === undefined) throw new Error(`no machine ${name}`);
  return found;
}

describe("RAM that a user says a described machine has", () => {
  it("stands in the place of the described one beside cards, and says whose word it is", () => {
    const own = withRam(machine("2x-rtx-4090-24gb"), 204.8);
    expect(own.ram.bandwidthBytesPerSecond).toBe(204.8e9);
    expect(own.gpu.bandwidthBytesPerSecond).toBe(1008e9);
    expect(own.sources[ramSourceKey(own)]).toBe("given with --ram-gbps");
  });

  it("is what a server without GPUs computes in", () => {
    const server = withRam(machine("epyc-9654-768gb"), 230);
    expect(server.ram.bandwidthBytesPerSecond).toBe(230e9);
    expect(server.gpu.bandwidthBytesPerSecond).toBe(230e9);
  });

  it("is refused where a GPU computes in the same memory", () => {
    expect(() => withRam(machine("m3-max-40c-64gb"), 100)).toThrow(
      /^--ram-gbps: m3-max-40c-64gb has one memory for CPU and GPU, of 400 GB\/s/,
    );
  });
});
