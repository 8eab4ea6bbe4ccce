/** The machine that llmbench runs on, asked what it has: that takes an engine, which described machines do without. */
import { refuseAbsent } from "../../fit/absentPlaces.ts";
import { hostTraits } from "../../fit/hostTraits.ts";
import { usualFitSettings } from "../../fit/memorySettings.ts";
import { probedBudget } from "../../machine/memoryBudget.ts";
import { probeMachine } from "../../machine/probe.ts";
import { cacheFolder } from "../../base/cacheFolder.ts";
import type { RamBandwidth, RamSource } from "../../bench/ramBandwidth.ts";
import { hereSpeed, roofsHere } from "../../plan/caseSpeed.ts";
import { ramHere } from "../../plan/ramHere.ts";
import { assumedHostBandwidth } from "../../predict/decodeDefaults.ts";
import { namedHere } from "../../plan/namedHere.ts";
import { withNamedDevices } from "../withNamedDevices.ts";
import type { FitMachine, FitRam, MachineQuestion } from "./fitMachine.ts";

/** @throws {LlmbenchError} `engine` where the engine has no build for the device. */
export function thisMachine({
  engine,
  own,
  device,
  gpuBudgetBytes,
  ramGbps,
  settings = usualFitSettings,
}: MachineQuestion): Promise<FitMachine> {
  return withNamedDevices({ engine, own, device }, [settings.devices], async ({ facts }) => {
    refuseAbsent(settings, namedHere(facts));
    const machine = await probeMachine({ gpus: facts.devices });
    const cacheDir = cacheFolder();
    const told = ramHere(ramGbps ?? null, roofsHere(machine, facts, cacheDir), machine);
    return {
      name: machine.name,
      budget: probedBudget(machine, facts, gpuBudgetBytes, settings.devices),
      host: hostTraits(facts.system_info),
      speed: hereSpeed(machine, facts, cacheDir, [], ramGbps),
      ram: ramOf(told),
      probed: true,
    };
  });
}

const words = {
  given: "given with --ram-gbps",
  measured: "measured here",
  described: "described of such a machine",
} as const satisfies Record<RamSource, string>;

function ramOf(told: RamBandwidth | null): FitRam {
  if (told !== null) return { ...told, words: words[told.source] };
  return {
    gbps: assumedHostBandwidth / 1e9,
    source: "assumed",
    words: "assumed: two channels of DDR5 at 5600 MT/s",
  };
}
