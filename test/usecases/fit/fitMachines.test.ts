import { afterAll, expect, it } from "vitest";
import { engineNames, engines, type EngineName } from "../../../src/engines/registry.ts";
import { usualFitSettings } from "../../../src/fit/memorySettings.ts";
import { fit } from "../../../src/usecases/fit/fit.ts";
import { fitMachines } from "../../../src/usecases/fit/fitMachines.ts";

it("a described Mac's CPU repacks weights, as each Apple silicon does; beside other GPUs none does", async () => {
  const question = { gpuBudgetBytes: undefined, device: "auto" } as const;
  const machines = await fitMachines(["m3-max-40c-64gb", "rtx-4090-24gb"], question);
  const repacks = machines.map(({ host }) => host.repacks({ type: "q4_0", dims: [256, 64] }));
  expect(repacks).toEqual([true, false]);
});

/** A row like llama.cpp's, with a flag of its own. */
const own = "llama.cpp, elsewhere" as EngineName;
const told: unknown[] = [];
const { "llama.cpp": row } = engines;
Object.assign(engines, {
  [own]: {
    ...row,
    start(ask: Parameters<typeof row.start>[0]) {
      told.push(ask.own);
      return row.start(ask);
    },
  },
});
(engineNames as EngineName[]).push(own);
afterAll(() => {
  Reflect.deleteProperty(engines, own);
  (engineNames as EngineName[]).pop();
});

it("what is said with an engine's own flags reaches the engine that this machine is asked with", async () => {
  await fit({
    models: ["toy-4m"],
    quantizations: ["q4_0"],
    machines: ["this"],
    settings: usualFitSettings,
    device: "cpu",
    engine: own,
    own: { place: "here" },
  });
  expect(told).toEqual([{ place: "here" }]);
});
