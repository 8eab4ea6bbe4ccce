/** What a described machine brings beside its memory. */
import { refuseAbsent } from "../../fit/absentPlaces.ts";
import { appleHost, plainHost, type HostTraits } from "../../fit/hostTraits.ts";
import { usualFitSettings } from "../../fit/memorySettings.ts";
import type { DescribedMachine } from "../../machine/describedMachine.ts";
import { withDevices, type MemoryBudget } from "../../machine/memoryBudget.ts";
import type { MachineQuestion } from "./fitMachine.ts";

/** Beside other GPUs than Apple's nothing is repacked. */
export function hostOf({ backend }: DescribedMachine): HostTraits {
  return backend === "metal" ? appleHost() : plainHost;
}

/** With the devices alone that settings name. @throws LlmbenchError `usage` for one that isn't there. */
export function lookForNamed(
  where: string,
  whole: MemoryBudget,
  settings: MachineQuestion["settings"] = usualFitSettings,
): MemoryBudget {
  const devices = whole.devices.map(({ name }) => ({ name, buffer: name }));
  refuseAbsent(settings, { where, devices });
  return withDevices(whole, settings.devices);
}
