/** The machine that llmbench runs on, asked what it has: that takes an engine, which described machines do without. */
import { refuseAbsent } from "../../fit/absentPlaces.ts";
import { hostTraits } from "../../fit/hostTraits.ts";
import { usualFitSettings } from "../../fit/memorySettings.ts";
import { probedBudget } from "../../machine/memoryBudget.ts";
import { probeMachine } from "../../machine/probe.ts";
import { cacheFolder } from "../../base/cacheFolder.ts";
import { hereSpeed } from "../../plan/caseSpeed.ts";
import { namedHere } from "../../plan/namedHere.ts";
import { withNamedDevices } from "../withNamedDevices.ts";
import type { FitMachine, MachineQuestion } from "./fitMachine.ts";

/** @throws {LlmbenchError} `engine` where the engine has no build for the device. */
export function thisMachine({
  engine,
  own,
  device,
  gpuBudgetBytes,
  settings = usualFitSettings,
}: MachineQuestion): Promise<FitMachine> {
  return withNamedDevices({ engine, own, device }, [settings.devices], async ({ facts }) => {
    refuseAbsent(settings, namedHere(facts));
    const machine = await probeMachine({ gpus: facts.devices });
    return {
      name: machine.name,
      budget: probedBudget(machine, facts, gpuBudgetBytes, settings.devices),
      host: hostTraits(facts.system_info),
      speed: hereSpeed(machine, facts, cacheFolder()),
      probed: true,
    };
  });
}
