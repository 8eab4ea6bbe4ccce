import { LlmbenchError } from "../errors.ts";
import type { FitSettings } from "../fit/memorySettings.ts";
import { catalogue } from "../models/catalogue.ts";
import { resolveModel } from "../models/resolveModel.ts";
import { defineCommand, type Given } from "./command.ts";
import { fitCell, fitModels, type FitCell, type FitModel } from "./fitCells.ts";
import { fitFlags } from "./fitFlags.ts";
import { fitMachines, thisMachineWord } from "./fitMachine.ts";
import { fitJson, fitTable } from "./fitTable.ts";
import { TensorTypeQuestions } from "./tensorTypeQuestions.ts";

type FitGiven = Given<typeof fitFlags>;

export const fit = defineCommand({
  help: "Say what fits: models at quantizations on machines, before anything is loaded",
  flags: fitFlags,
  examples: [
    ["fit --model 70b", "Llama 2 70B on this machine"],
    ["fit -m 8b,70b -q q4_k_m --machine m3-max-40c-64gb --machine rtx-4090-24gb", "two by two"],
    ["fit --model 70b --machine my-box.yaml --ctx 32768", "a machine of your own description"],
    ["fit --json", "the whole catalogue on this machine, for a program"],
  ],
  async run(given) {
    const settings = fitSettings(given);
    // Names are checked before the engine starts.
    const machineNames = given.machines ?? [thisMachineWord];
    const models = await askModels(given);
    const machines = await fitMachines(machineNames, {
      gpuBudgetBytes: given.gpuBudgetBytes ?? undefined,
      device: given.device ?? "auto",
    });
    const cells: FitCell[] = models.flatMap((model) =>
      machines.map((machine) => fitCell(model, machine, settings)),
    );
    console.log(
      given.json === true
        ? JSON.stringify(
            cells.map((cell) => fitJson(cell, settings)),
            null,
            2,
          )
        : fitTable(cells),
    );
    return 0;
  },
});

async function askModels({ models: specs, quantizations }: FitGiven): Promise<FitModel[]> {
  const resolved = (specs ?? catalogue().models.map(({ id }) => id)).map((spec) =>
    resolveModel(spec),
  );
  const questions = new TensorTypeQuestions();
  try {
    const models: FitModel[] = [];
    for (const model of resolved) {
      models.push(...(await fitModels(model, quantizations ?? undefined, questions)));
    }
    return models;
  } finally {
    await questions.close();
  }
}

/** @throws LlmbenchError `usage` for what llama.cpp would refuse. */
function fitSettings(given: FitGiven): FitSettings {
  const settings = {
    nCtx: given.ctx ?? fitFlags.ctx.initial,
    nBatch: given.nBatch ?? fitFlags.nBatch.initial,
    nUbatch: given.nUbatch ?? fitFlags.nUbatch.initial,
    gpuLayers: given.gpuLayers ?? fitFlags.gpuLayers.initial,
    flashAttn: given.flashAttn ?? fitFlags.flashAttn.initial,
    typeK: given.typeK ?? fitFlags.typeK.initial,
    typeV: given.typeV ?? fitFlags.typeV.initial,
    splitMode: given.splitMode ?? fitFlags.splitMode.initial,
    tensorSplit: given.tensorSplit ?? [],
    noKvOffload: given.noKvOffload ?? fitFlags.noKvOffload.initial,
    loadMode: given.loadMode ?? fitFlags.loadMode.initial,
    mainGpu: 0,
    nCpuMoe: 0,
  };
  if (settings.flashAttn === "off" && !/^b?f\d+$/.test(settings.typeV)) {
    throw new LlmbenchError(
      "usage",
      `--cache-type-v ${settings.typeV} with --flash-attn off: llama.cpp needs flash attention for a quantized V cache; use --flash-attn auto or on, or --cache-type-v f16`,
    );
  }
  return settings;
}
