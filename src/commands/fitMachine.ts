/** The machines that `fit` is asked about, in one form: described ones, and this one as it is asked what it has. */
import { openLlamaEngine } from "../engines/llamacpp/llamaEngine.ts";
import { hostTraits, plainHost, type HostTraits } from "../fit/hostTraits.ts";
import { describedBudget, type DescribedMachine } from "../machine/describedMachine.ts";
import { findMachines } from "../machine/machineCatalogue.ts";
import { probedBudget, type MemoryBudget } from "../machine/memoryBudget.ts";
import { probeMachine } from "../machine/probe.ts";
import { cacheFolder } from "../models/cacheFolder.ts";
import { hereSpeed } from "../plan/caseSpeed.ts";
import { describedSource, speedModels, type SpeedModels } from "../predict/predictSpeed.ts";
import { publishedResults } from "../results/publishedResults.ts";
import type { DeviceChoice } from "../suite/caseSettings.ts";

export interface FitMachine {
  readonly name: string;
  readonly budget: MemoryBudget;
  readonly host: HostTraits;
  /** Null where nothing is known of its speed. */
  readonly speed: SpeedModels | null;
  /** Asked, and worth a closer look than a description. */
  readonly probed: boolean;
}

/** The word for the machine that llmbench runs on. */
export const thisMachineWord = "this";

export interface MachineQuestion {
  readonly gpuBudgetBytes: number | undefined;
  readonly device: DeviceChoice;
}

/** @throws LlmbenchError `usage` for an unknown name, `config` for a bad file, `engine` where llama.cpp has no build. */
export async function fitMachines(
  names: readonly string[],
  question: MachineQuestion,
): Promise<FitMachine[]> {
  const found: FitMachine[] = [];
  for (const name of names) {
    if (name.toLowerCase() === thisMachineWord) found.push(await thisMachine(question));
    else found.push(...findMachines(name).map((machine) => described(machine, question)));
  }
  return found;
}

function described(machine: DescribedMachine, { gpuBudgetBytes }: MachineQuestion): FitMachine {
  return {
    name: machine.id,
    budget: describedBudget(machine, gpuBudgetBytes),
    host: plainHost,
    speed: speedModels(describedSource(machine, publishedResults())),
    probed: false,
  };
}

async function thisMachine({ device, gpuBudgetBytes }: MachineQuestion): Promise<FitMachine> {
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
