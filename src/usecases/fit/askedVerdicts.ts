/** Asks the engine about files: whether it takes them, and where llmbench doesn't lay out their graph, what they take. */
import { shownPath } from "../../base/yamlFile.ts";
import { LlmbenchError } from "../../errors.ts";
import type { AskCompute } from "../../fit/judgeAsking.ts";
import type { FitVerdict } from "../../fit/judgeFit.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import { requireTaken } from "../../fit/requireTaken.ts";
import { clusterSettings } from "./clusters.ts";
import type { AskedVerdicts, FitModel } from "./fitCells.ts";
import type { FitMachine, MachineQuestion } from "./fitMachine.ts";

/**
 * Nothing is loaded or allocated.
 * @throws {LlmbenchError} `input` for a file that the engine refuses; `engine` where there is none to ask what a file takes.
 */
export async function askedVerdicts(
  models: readonly FitModel[],
  machines: readonly FitMachine[],
  settings: FitSettings,
  { device = "auto", engine, own }: Pick<MachineQuestion, "device" | "engine" | "own">,
): Promise<AskedVerdicts> {
  await requireKnownTaken(models, engine);
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
      const answers = await withEngine(ask, async (started) => {
        await requireTaken(started, shownPath(path), path);
        return judged(model, group, settings, computeQuestions(started, path, asked));
      });
      for (const [machine, verdict] of answers) verdicts.set(machine, verdict);
    }
  }
  return found;
}

/** Files whose memory follows from their headers; where no engine is here, that is all that is known of them. */
async function requireKnownTaken(
  models: readonly FitModel[],
  engine: MachineQuestion["engine"],
): Promise<void> {
  const paths = models.flatMap(({ path, memory }) => (memory.known && path !== null ? [path] : []));
  if (paths.length === 0) return;
  const { withEngine } = await import("../../engines/registry.ts");
  try {
    await withEngine({ engine, device: "cpu" }, async (started) => {
      for (const path of paths) await requireTaken(started, shownPath(path), path);
    });
  } catch (error) {
    if (!(error instanceof LlmbenchError && error.code === "engine")) throw error;
  }
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
