import { describe, expect, it } from "vitest";
import type { EngineDevice } from "../../src/bench/engineInfo.ts";
import { usualContext, usualPlacement, type CaseSettings } from "../../src/bench/settings.ts";
import { copy, readOf, workloadOf } from "../../src/bench/workload.ts";
import { heededSettings, machineCases } from "../../src/plan/machineCases.ts";

const device = (name: string, type: EngineDevice["type"]): EngineDevice => ({
  name,
  type,
  description: name,
  free_bytes: 1,
  total_bytes: 1,
});

const cpu = { devices: [device("CPU", "cpu")] };
const twoCards = { devices: [device("CUDA0", "gpu"), device("CUDA1", "gpu"), ...cpu.devices] };

function point(changes: Partial<CaseSettings> = {}): CaseSettings {
  return {
    workload: copy,
    placement: usualPlacement,
    context: { ...usualContext, nThreads: 3 },
    ...changes,
  };
}

const devicesOf = (cases: readonly CaseSettings[]) => cases.map((one) => one.placement.devices);

const named = (devices: readonly string[]) =>
  devicesOf(machineCases([point({ placement: { ...usualPlacement, devices } })], twoCards));

describe("tests of the machine", () => {
  it("are of each device by itself, and of the CPU beside them, device by device", () => {
    const cases = machineCases([point(), point({ workload: readOf("q4_0") })], twoCards);
    expect(devicesOf(cases)).toEqual([["CUDA0"], ["CUDA0"], ["CUDA1"], ["CUDA1"], [], []]);
  });

  it("name no device where there is only the CPU", () => {
    expect(devicesOf(machineCases([point()], cpu))).toEqual(["auto"]);
  });

  it("are of the devices that are named, and of the CPU alone where none is", () => {
    expect(named(["CUDA1", "CUDA0"])).toEqual([["CUDA1"], ["CUDA0"]]);
    expect(named([])).toEqual([[]]);
  });

  it("heed threads on the CPU alone, and of a model's settings none", () => {
    const odd = point({ placement: { ...usualPlacement, gpuLayers: 7, splitMode: "row" } });
    const [onCard, , onCpu] = machineCases([odd], twoCards);
    expect(onCard?.placement.gpuLayers).toBe("auto");
    expect(onCard?.context.nThreads).toBe(1);
    expect(onCpu?.context.nThreads).toBe(3);
    expect(onCard && heededSettings(onCard)).not.toContain("nThreads");
    expect(onCpu && heededSettings(onCpu)).toContain("nThreads");
    const ofModel = point({ workload: workloadOf({ prompt: 1, generated: 0, depth: 0 }) });
    expect(heededSettings(ofModel)).toBeNull();
    expect(machineCases([ofModel], cpu)).toEqual([]);
  });
});
