import { describe, expect, it } from "vitest";
import { isOfMachine, workloadNamed } from "../../src/bench/workload.ts";
import { ramHere } from "../../src/plan/ramHere.ts";
import { theHost, type Roof } from "../../src/predict/roofs.ts";

const box = { name: "rtx-4090-24gb", unified_memory: false, default_threads: 8 };
const mac = { name: "m3-max-40c-64gb", unified_memory: true, default_threads: 8 };

function roof(workload: Roof["workload"], value: number, changes: Partial<Roof> = {}): Roof {
  return { workload, device: theHost, nThreads: 8, value, spoiled: false, ...changes };
}

function machineTest(name: string): Roof["workload"] {
  const workload = workloadNamed(name);
  if (workload === null || !isOfMachine(workload)) throw new Error(`no test of a machine: ${name}`);
  return workload;
}

const [copy, read, matmul] = [
  machineTest("copy"),
  machineTest("read q8_0"),
  machineTest("matmul4096 f16"),
];

describe("ramHere", () => {
  it("takes the user's word before what was measured, and that before a description", () => {
    const roofs = [roof(copy, 61)];
    expect(ramHere(89.6, roofs, box)).toEqual({ gbps: 89.6, source: "given" });
    expect(ramHere(null, roofs, mac)).toEqual({ gbps: 61, source: "measured" });
    expect(ramHere(null, [], mac)).toEqual({ gbps: 400, source: "described" });
  });

  it("takes the most that copying or reading reached on the host", () => {
    const roofs = [roof(copy, 61), roof(read, 66), roof(matmul, 900)];
    expect(ramHere(null, roofs, box)).toEqual({ gbps: 66, source: "measured" });
  });

  it("leaves out what something spoiled, and a card's own memory", () => {
    const roofs = [roof(copy, 61, { spoiled: true }), roof(read, 950, { device: "CUDA0" })];
    expect(ramHere(null, roofs, box)).toBeNull();
  });

  it("leaves out what fewer threads than usual reached", () => {
    const roofs = [roof(copy, 11, { nThreads: 1 })];
    expect(ramHere(null, roofs, box)).toBeNull();
    expect(ramHere(null, [...roofs, roof(copy, 61)], box)).toEqual({
      gbps: 61,
      source: "measured",
    });
    expect(ramHere(null, roofs, { ...box, default_threads: 1 })).toMatchObject({ gbps: 11 });
  });

  it("counts a GPU whose memory the RAM is", () => {
    const roofs = [roof(read, 360, { device: "MTL0" }), roof(read, 240)];
    expect(ramHere(null, roofs, mac)).toEqual({ gbps: 360, source: "measured" });
  });

  it("doesn't take a described box's RAM for what somebody put beside such a card", () => {
    expect(ramHere(null, [], box)).toBeNull();
  });
});
