/** What fits: models at quantizations on machines, before anything is loaded. */
import { splitRefusal } from "../../fit/splitRefusal.ts";
import { checkDevices } from "../../fit/checkDevices.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import type { Quantization } from "../../gguf/quantizations.ts";
import { catalogue } from "../../models/catalogue.ts";
import { resolveModel } from "../../models/resolveModel.ts";
import { LlmbenchError } from "../../errors.ts";
import { TensorTypeQuestions } from "../tensorTypes.ts";
import { engineRow, usualEngine, type EngineName } from "../../engines/registry.ts";
import { askedVerdicts } from "./askedVerdicts.ts";
import { fitCells, fitModels, type FitCell, type FitModel } from "./fitCells.ts";
import type { MachineQuestion } from "./fitMachine.ts";
import { fitMachines, thisMachineWord } from "./fitMachines.ts";

export interface FitQuestion extends MachineQuestion {
  /** Catalogue ids or aliases, or paths of files; the whole catalogue where absent. */
  readonly models?: readonly string[] | undefined;
  /** Those worth comparing of each model, where absent. */
  readonly quantizations?: readonly Quantization[] | undefined;
  /** Ids, aliases or paths of machines, or `this`; only this one where absent. */
  readonly machines?: readonly string[] | undefined;
  readonly settings: FitSettings;
  /** Files are judged by formulas alone, and no engine is asked about them. */
  readonly formula?: boolean | undefined;
}

/**
 * Model by model, each on every machine.
 * @throws {LlmbenchError} `usage` for an unknown model, machine or split, `config` for a bad description, `engine` where
 * this machine is asked about and has no engine.
 */
export async function fit(question: FitQuestion): Promise<FitCell[]> {
  const { settings, gpuBudgetBytes, formula = false } = question;
  requireFiles(question.engine);
  const models = await fitModelsOf(question);
  const machines = await fitMachines(question.machines ?? [thisMachineWord], question);
  checkDevices({ gpuBudgetBytes, placements: [settings] }, machines);
  for (const { id, memory } of models) {
    for (const { name, budget } of machines) {
      const refusal = splitRefusal(memory, settings, budget.devices.length);
      if (refusal !== null) throw new LlmbenchError("usage", `${id} on ${name}: ${refusal}`);
    }
  }
  const asked = formula ? undefined : await askedVerdicts(models, machines, settings, question);
  return fitCells(models, machines, settings, asked);
}

/** What holds a model elsewhere can't say what it takes here. */
function requireFiles(name: EngineName = usualEngine): void {
  if (engineRow(name).opens === "files") return;
  throw new LlmbenchError(
    "usage",
    `--engine ${name} opens no model file, so that nothing can be said of its memory; leave it out`,
  );
}

async function fitModelsOf({ models: specs, quantizations }: FitQuestion): Promise<FitModel[]> {
  const asked = specs ?? catalogue().models.map(({ id }) => id);
  // Each is resolved before the first question: a typing error deserves its answer at once.
  const resolved = asked.map((spec) => resolveModel(spec));
  const questions = new TensorTypeQuestions();
  try {
    const models: FitModel[] = [];
    for (const model of resolved)
      models.push(...(await fitModels(model, quantizations, questions)));
    return models;
  } finally {
    await questions.close();
  }
}
