import { availableParallelism, totalmem } from "node:os";
import { describe, expect, it } from "vitest";
import type { EngineDevice } from "../../src/bench/engineInfo.ts";
import { noGraphics } from "../../src/machine/graphics.ts";
import { machineInfoSchema } from "../../src/machine/machineInfo.ts";
import { probeMachine } from "../../src/machine/probe.ts";

const rtx4090: EngineDevice = {
  name: "CUDA0",
  description: "NVIDIA GeForce RTX 4090",
  type: "gpu",
  free_bytes: 23_700 * 2 ** 20,
  total_bytes: 24_210 * 2 ** 20,
};

describe("this machine", () => {
  it("is described completely", async () => {
    const machine = await probeMachine();
    expect(machineInfoSchema.parse(machine)).toEqual(machine);
    expect(machine.name).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*-\d+gb$/);
    expect(machine.cpu_info).not.toBe("");
    expect(machine.ram_bytes).toBe(totalmem());
    expect(machine.ram_available_bytes).toBeGreaterThan(0);
    expect(machine.ram_available_bytes).toBeLessThanOrEqual(machine.ram_bytes);
    expect(machine.default_threads).toBeLessThanOrEqual(availableParallelism());
    expect(machine.cores.physical).toBeLessThanOrEqual(machine.cores.logical);
  });

  it("has the name its owner gives it", async () => {
    const machine = await probeMachine({ machineName: "attic", graphics: noGraphics });
    expect(machine.name).toBe("attic");
  });

  it("is known by the GPUs that llama.cpp lists", async () => {
    const machine = await probeMachine({ gpus: [rtx4090, rtx4090], graphics: noGraphics });
    expect(machine).toMatchObject({
      name: "2x-rtx-4090-24gb",
      gpu_info: "2x NVIDIA GeForce RTX 4090",
      unified_memory: false,
    });
  });
});
