/** The machines that `fit` is asked about, in one form: described ones, and this one as it is asked what it has. */
import { cluster, isCluster } from "./clusters.ts";
import { hostOf, lookForNamed } from "./describedHost.ts";
import type { FitMachine, FitRam, MachineQuestion } from "./fitMachine.ts";
import { LlmbenchError } from "../../errors.ts";
import { describedBudget, type DescribedMachine } from "../../machine/describedMachine.ts";
import { ramSourceKey, withRam } from "../../machine/givenRam.ts";
import { findMachines } from "../../machine/machineCatalogue.ts";
import { describedSource, ownRamSource, speedModels } from "../../predict/predictSpeed.ts";
import { publishedCasesOf } from "../../predict/publishedResults.ts";

/** The word for the machine that llmbench runs on. */
export const thisMachineWord = "this";

/** @throws LlmbenchError `usage` for an unknown name, `config` for a bad file, `engine` where llama.cpp has no build. */
export async function fitMachines(
  names: readonly string[],
  question: MachineQuestion,
): Promise<FitMachine[]> {
  if (question.link !== undefined && !names.some(isCluster)) {
    throw new LlmbenchError(
      "usage",
      "--link is between machines that are joined, and none are: --machine A+B, or leave it out",
    );
  }
  const found: FitMachine[] = [];
  const asked = new Map<string, DescribedMachine>();
  for (const name of names) {
    if (name.toLowerCase() === thisMachineWord) {
      const { thisMachines } = await import("./thisMachine.ts");
      found.push(...(await thisMachines(question)));
      continue;
    }
    if (isCluster(name)) {
      found.push(cluster(name, question));
      continue;
    }
    for (const machine of findMachines(name).filter((one) => asked.get(one.id) !== one)) {
      refuseNamesake(name, machine, asked);
      asked.set(machine.id, machine);
      found.push(described(machine, question));
    }
  }
  return found;
}

/** Rows of one name could not be told apart. */
function refuseNamesake(
  name: string,
  { id }: DescribedMachine,
  asked: ReadonlyMap<string, DescribedMachine>,
): void {
  if (!asked.has(id)) return;
  throw new LlmbenchError(
    "usage",
    `--machine ${name}: another machine that is asked about is called ${id} too; give one an id of its own`,
  );
}

function described(
  asDescribed: DescribedMachine,
  { gpuBudgetBytes, settings, ramGbps }: MachineQuestion,
): FitMachine {
  const machine = ramGbps === undefined ? asDescribed : withRam(asDescribed, ramGbps);
  return {
    name: machine.id,
    budget: lookForNamed(machine.id, describedBudget(machine, gpuBudgetBytes), settings),
    host: hostOf(machine),
    speed: speedModels(
      (ramGbps === undefined ? describedSource : ownRamSource)(machine, publishedCasesOf(machine)),
    ),
    ram: describedRam(machine, ramGbps !== undefined),
    probed: false,
  };
}

function describedRam(machine: DescribedMachine, isGiven: boolean): FitRam {
  return {
    gbps: machine.ram.bandwidthBytesPerSecond / 1e9,
    source: isGiven ? "given" : "described",
    words: machine.sources[ramSourceKey(machine)] ?? "as described",
  };
}
