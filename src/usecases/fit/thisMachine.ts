/**
 * The machine that llmbench runs on, asked what it has: that takes an engine, which described machines do without. Where
 * others lend it devices, it stands there alone and together with them.
 */
import type { EngineInfo } from "../../bench/engineInfo.ts";
import { clusterName, lenders, ownDevices } from "../../bench/lentDevices.ts";
import { refuseAbsent } from "../../fit/absentPlaces.ts";
import { hostTraits } from "../../fit/hostTraits.ts";
import { usualFitSettings } from "../../fit/memorySettings.ts";
import { probedBudget } from "../../machine/memoryBudget.ts";
import { probeMachine } from "../../machine/probe.ts";
import { cacheFolder } from "../../base/cacheFolder.ts";
import type { RamBandwidth, RamSource } from "../../bench/ramBandwidth.ts";
import { hereSpeed, roofsHere } from "../../plan/hereSpeed.ts";
import { ramHere } from "../../plan/ramHere.ts";
import { assumedHostBandwidth } from "../../predict/decodeDefaults.ts";
import { namedHere } from "../../plan/namedHere.ts";
import { clusterMachines } from "../../plan/sharedSpeed.ts";
import { withNamedDevices } from "../withNamedDevices.ts";
import type { FitMachine, FitRam, MachineQuestion } from "./fitMachine.ts";

/** @throws {LlmbenchError} `engine` where the engine has no build for the device. */
export function thisMachines({
  engine,
  own,
  device = "auto",
  gpuBudgetBytes,
  ramGbps,
  settings = usualFitSettings,
}: MachineQuestion): Promise<FitMachine[]> {
  return withNamedDevices({ engine, own, device }, [settings.devices], async (started) => {
    const { facts } = started;
    refuseAbsent(settings, namedHere(facts));
    const alone = { ...facts, devices: ownDevices(facts) };
    const machine = await probeMachine({ gpus: alone.devices });
    const budgetOf = (devices: EngineInfo) =>
      probedBudget(machine, devices, gpuBudgetBytes, settings.devices);
    const others = lenders(facts, settings.devices);
    const cacheDir = cacheFolder();
    const told = ramHere(ramGbps ?? null, roofsHere(machine, alone, cacheDir), machine);
    const here = {
      name: machine.name,
      budget: budgetOf(alone),
      host: hostTraits(facts.system_info),
      speed: hereSpeed({ machine, engine: alone, cacheDir, ramGbps }),
      ram: ramOf(told),
      // With others there the engine would be asked about all of them.
      probed: others.length === 0,
    };
    if (others.length === 0) return [here];
    const found = (await started.lenders?.()) ?? [];
    const together = {
      ...here,
      name: clusterName(machine.name, others),
      budget: budgetOf(facts),
      speed: null,
      ram: null,
      probed: true,
      cluster: { machines: clusterMachines(facts, found, here.speed), described: null },
    };
    return own?.["noBaseline"] === true ? [together] : [here, together];
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
