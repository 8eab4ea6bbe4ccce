/** The machine that llmbench runs on, asked what it has: that takes llama.cpp, which described machines do without. */
import { openLlamaEngine } from "../engines/llamacpp/llamaEngine.ts";
import { hostTraits } from "../fit/hostTraits.ts";
import { probedBudget } from "../machine/memoryBudget.ts";
import { probeMachine } from "../machine/probe.ts";
import { cacheFolder } from "../models/cacheFolder.ts";
import { hereSpeed } from "../plan/caseSpeed.ts";
import type { FitMachine, MachineQuestion } from "./machineQuestion.ts";

/** @throws LlmbenchError `engine` where llama.cpp has no build. */
export async function thisMachine({
  device,
  gpuBudgetBytes,
}: MachineQuestion): Promise<FitMachine> {
  const { answers } = await openLlamaEngine(device, async (_, info) => {
    const machine = await probeMachine({ gpus: info.devices });
    return {
      name: machine.name,
      budget: probedBudget(machine, info, gpuBudgetBytes),
      host: hostTraits(info.system_info),
      speed: hereSpeed(machine, info, cacheFolder()),
      probed: true,
    };
  });
  return answers;
}
