import { describe, expect, it } from "vitest";
import { copy, matmulOf, type MachineWorkload } from "../../src/bench/workload.ts";
import { machineDuration, type MachineQuestion } from "../../src/run/machineDuration.ts";

const lasting = (workload: MachineWorkload, more: Partial<MachineQuestion> = {}) =>
  machineDuration({
    workload,
    nThreads: 2,
    repetitions: 5,
    laterRepetitions: 5,
    moreForSeconds: 0,
    launches: { centre: 1, low: 1, high: 1 },
    delaySeconds: 0,
    ...more,
  });

describe("a test of the machine", () => {
  it("takes seconds where a pass is short", () => {
    expect(lasting(copy).high).toBeLessThan(5);
    expect(lasting(matmulOf(256, "f16")).high).toBeLessThan(5);
  });

  it("takes as long as a pass where that is long, on a GPU less", () => {
    const onCpu = lasting(matmulOf(32_768, "f32"));
    expect(onCpu.low).toBeGreaterThan(60);
    expect(onCpu.high).toBeGreaterThan(onCpu.centre);
    expect(lasting(matmulOf(32_768, "f32"), { nThreads: null }).centre).toBeLessThan(onCpu.low);
  });

  it("may take all of its time where that is long, and the rest before each launch", () => {
    expect(lasting(copy, { moreForSeconds: 60 }).high).toBeGreaterThan(60);
    expect(lasting(copy, { moreForSeconds: 60 }).centre).toBeLessThan(5);
    const rested = lasting(copy, { launches: { centre: 3, low: 3, high: 3 }, delaySeconds: 10 });
    expect(rested.low - 3 * lasting(copy).low).toBeCloseTo(30, 9);
  });
});
