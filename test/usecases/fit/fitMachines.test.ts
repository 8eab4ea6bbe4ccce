import { expect, it } from "vitest";
import { fitMachines } from "../../../src/usecases/fit/fitMachines.ts";

it("a described Mac's CPU repacks weights, as each Apple silicon does; beside other GPUs none does", async () => {
  const question = { gpuBudgetBytes: undefined, device: "auto" } as const;
  const machines = await fitMachines(["m3-max-40c-64gb", "rtx-4090-24gb"], question);
  const repacks = machines.map(({ host }) => host.repacks({ type: "q4_0", dims: [256, 64] }));
  expect(repacks).toEqual([true, false]);
});
