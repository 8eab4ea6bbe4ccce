/** Described machines that measure together, `m3-ultra+m3-ultra`: what `fit` is asked about as one. */
import { LlmbenchError } from "../../errors.ts";
import { memoryDevice, usedDevices } from "../../fit/memoryDevice.ts";
import type { FitVerdict } from "../../fit/judgeFit.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { placeLayers } from "../../fit/layerPlacement.ts";
import { clusterBudget } from "../../machine/clusterBudget.ts";
import type { DescribedMachine } from "../../machine/describedMachine.ts";
import type { DescribedLink } from "../../machine/link.ts";
import { linkNames } from "../../machine/link.ts";
import { findMachines } from "../../machine/machineCatalogue.ts";
import { predictClusterSpeed, type ClusterShare } from "../../predict/clusterSpeed.ts";
import { describedSource, speedModels } from "../../predict/predictSpeed.ts";
import type { SpeedModels, SpeedPrediction, SpeedQuestion } from "../../predict/predictSpeed.ts";
import { publishedCasesOf } from "../../predict/publishedResults.ts";
import type { Cluster, FitMachine, MachineQuestion } from "./fitMachine.ts";
import { hostOf, lookForNamed } from "./describedHost.ts";

/** Between two names. */
const joint = "+";

export function isCluster(name: string): boolean {
  return name.includes(joint);
}

/** @throws LlmbenchError `usage` for a part that is no single described machine, and without a link. */
export function cluster(name: string, question: MachineQuestion): FitMachine {
  const [first, ...others] = name.split(joint).map((part) => partOf(name, part));
  if (first === undefined) throw new RangeError("a cluster without machines");
  if (question.link === undefined) {
    throw new LlmbenchError(
      "usage",
      `--machine ${name}: how are they linked? Add --link with one of ${linkNames.join(", ")}, or with GB/s and ms of a round trip, as --link 1.1,0.2`,
    );
  }
  return clusterOf([first, ...others], question.link, question);
}

function partOf(name: string, part: string): DescribedMachine {
  const [machine, another] = part === "" ? [] : findMachines(part);
  if (machine !== undefined && another === undefined) return machine;
  throw new LlmbenchError(
    "usage",
    `--machine ${name}: expected described machines joined with ${joint}, each one, got ${JSON.stringify(part)}`,
  );
}

export function clusterOf(
  machines: readonly [DescribedMachine, ...DescribedMachine[]],
  link: DescribedLink,
  { gpuBudgetBytes, settings }: Pick<MachineQuestion, "gpuBudgetBytes" | "settings">,
): FitMachine {
  const name = machines.map(({ id }) => id).join(joint);
  const { budget: whole, parts } = clusterBudget(machines, gpuBudgetBytes);
  const budget = lookForNamed(name, whole, settings);
  return {
    name,
    budget,
    host: hostOf(machines[0]),
    speed: null,
    ram: null,
    cluster: { machines, link, parts, models: modelsOf },
    probed: false,
  };
}

const known = new Map<string, SpeedModels>();

function modelsOf(machine: DescribedMachine): SpeedModels {
  const found = known.get(machine.id);
  if (found !== undefined) return found;
  const models = speedModels(describedSource(machine, publishedCasesOf(machine)));
  known.set(machine.id, models);
  return models;
}

/**
 * A file that is mapped lies on Metal as a whole, though other machines hold most of its layers: nobody who links machines
 * wants that, and reading it is a flag.
 */
export function clusterSettings(asked: FitSettings): FitSettings {
  return asked.loadMode === "auto" ? { ...asked, loadMode: "none" } : asked;
}

/** Null where layers stay on a host, of which nothing is known beside links, and where a machine's speed isn't known. */
export function clusterSpeed(
  question: SpeedQuestion,
  { budget }: Pick<FitMachine, "budget">,
  { parts, link, models }: Cluster,
  { nGpuLayers, nLayers }: Pick<FitVerdict, "nGpuLayers" | "nLayers">,
  settings: FitSettings,
): SpeedPrediction | null {
  if (nGpuLayers <= nLayers) return null;
  const devices = usedDevices(
    settings,
    budget.devices.map((device) => memoryDevice(device, device.freeBytes ?? device.budgetBytes)),
  );
  const { places } = placeLayers(nLayers, { ...settings, gpuLayers: nGpuLayers }, devices);
  const shares = parts.map((part, index): ClusterShare => {
    const own = (place: unknown) =>
      typeof place === "number" && part.devices.includes(devices[place]?.name ?? "");
    return {
      models: models(part.machine),
      share: places.filter(own).length / places.length,
      lent: index < parts.length - 1,
      output: own(places.at(-1)),
    };
  });
  return predictClusterSpeed(question, shares, link);
}
