/** Asks the engine about files whose graph llmbench doesn't lay out, so that their fit is more than an estimate. */
import type { AskCompute } from "../../fit/judgeAsking.ts";
import type { FitVerdict } from "../../fit/judgeFit.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { clusterSettings } from "./clusters.ts";
import type { AskedVerdicts, FitModel } from "./fitCells.ts";
import type { FitMachine, MachineQuestion } from "./fitMachine.ts";

/** Nothing is loaded or allocated; without llama.cpp here the verdicts are left to formulas. */
export async function askedVerdicts(
  models: readonly FitModel[],
  machines: readonly FitMachine[],
  settings: FitSettings,
  { device = "auto", engine, own }: Pick<MachineQuestion, "device" | "engine" | "own">,
): Promise<AskedVerdicts> {
  const found = new Map<FitModel, Map<FitMachine, FitVerdict>>();
  for (const model of models) {
    const { path, memory } = model;
    if (memory.known || path === null) continue;
    const verdicts = new Map<FitMachine, FitVerdict>();
    found.set(model, verdicts);
    for (const group of [machines.filter(isHere), machines.filter((one) => !isHere(one))]) {
      if (group.length === 0) continue;
      const { withEngine } = await import("../../engines/registry.ts");
      const { computeQuestions } = await import("../../fit/computeQuestions.ts");
      const here = group.every(isHere);
      const asked = here ? settings : withoutSplit(settings);
      const ask = here ? { engine, own, device } : { engine, own: {}, device: "cpu" as const };
      const answers = await withEngine(ask, (started) =>
        judged(model, group, settings, computeQuestions(started, path, asked)),
      );
      for (const [machine, verdict] of answers) verdicts.set(machine, verdict);
    }
  }
  return found;
}

function isHere({ probed }: FitMachine): boolean {
  return probed;
}

/** Of the CPU alone, which shares nothing. */
function withoutSplit(settings: FitSettings): FitSettings {
  return { ...settings, splitMode: "layer", tensorSplit: [], mainGpu: 0 };
}

async function judged(
  { memory }: FitModel,
  machines: readonly FitMachine[],
  settings: FitSettings,
  ask: AskCompute,
): Promise<[FitMachine, FitVerdict][]> {
  const { judgeAsking, tellElsewhere } = await import("../../fit/judgeAsking.ts");
  const { judgeFit } = await import("../../fit/judgeFit.ts");
  if (!machines.every(isHere)) {
    const told = await tellElsewhere(memory, settings, ask);
    return machines.map((machine) => {
      const options = { host: machine.host, detail: "sampled", told } as const;
      return [machine, judgeFit(memory, settings, machine.budget, options)];
    });
  }
  const verdicts: [FitMachine, FitVerdict][] = [];
  for (const machine of machines) {
    const options = { host: machine.host, detail: "exact" } as const;
    const asked = machine.cluster === undefined ? settings : clusterSettings(settings);
    const verdict = await judgeAsking(memory, asked, machine.budget, options, ask);
    verdicts.push([machine, verdict]);
  }
  return verdicts;
}
