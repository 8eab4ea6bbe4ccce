/** Described machines that measure together, `m3-ultra+m3-ultra`: what `fit` is asked about as one. */
import { getOrMake } from "../../base/getOrMake.ts";
import { sharedLoadMode } from "../../bench/lentDevices.ts";
import { short } from "../../base/showValue.ts";
import { LlmbenchError } from "../../errors.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { clusterBudget } from "../../machine/clusterBudget.ts";
import type { DescribedMachine } from "../../machine/describedMachine.ts";
import { linkNames, type DescribedLink } from "../../machine/link.ts";
import { findMachines } from "../../machine/machineCatalogue.ts";
import type { LinkSpeed } from "../../predict/linkSpeed.ts";
import { describedSource, speedModels, type SpeedModels } from "../../predict/predictSpeed.ts";
import { publishedCasesOf } from "../../predict/publishedResults.ts";
import type { FitMachine, MachineQuestion } from "./fitMachine.ts";
import { hostOf, lookForNamed } from "./describedHost.ts";

/** As many machines as llama.cpp's backend takes, and the one that measures (GGML_RPC_MAX_SERVERS). */
export const mostMachines = 17;

/** Between two names. */
const joint = "+";

const shownName = 60;

export function isCluster(name: string): boolean {
  return name.includes(joint);
}

/** @throws LlmbenchError `usage` for a part that is no single described machine, and without a link. */
export function cluster(name: string, question: MachineQuestion): FitMachine {
  const [first, ...others] = name.split(joint).map((part) => partOf(name, part));
  if (first === undefined) throw new RangeError("a cluster without machines");
  if (others.length >= mostMachines) {
    throw new LlmbenchError(
      "usage",
      `--machine ${short(name, shownName)}: ${others.length + 1} machines, and llama.cpp's RPC backend joins up to ${mostMachines}`,
    );
  }
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
    cluster: {
      machines: parts.map(({ machine, devices }, index) => {
        const measures = index === parts.length - 1;
        return {
          models: modelsOf(machine),
          devices,
          holdsHost: measures && machine.backend === "cpu",
          link: measures ? null : linkSpeed(link),
        };
      }),
      described: { machines, link },
    },
    probed: false,
  };
}

const known = new Map<string, SpeedModels>();

function modelsOf(machine: DescribedMachine): SpeedModels {
  return getOrMake(known, machine.id, () =>
    speedModels(describedSource(machine, publishedCasesOf(machine))),
  );
}

function linkSpeed({ bytesPerSecond, roundTripSeconds }: DescribedLink): LinkSpeed {
  const way = { bytesPerSecond, afterRest: [] };
  return { roundTripSeconds, up: way, down: way, isMeasured: false };
}

/** As a run with other machines loads a file. */
export function clusterSettings(asked: FitSettings): FitSettings {
  return { ...asked, loadMode: sharedLoadMode(asked.loadMode) };
}
