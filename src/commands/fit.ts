import { optimizeLate } from "../base/v8Flags.ts";
import { ownValues } from "../engines/ownFlags.ts";
import { engineRow, usualEngine } from "../engines/registry.ts";
import { LlmbenchError } from "../errors.ts";
import { usualFitSettings, type FitSettings } from "../fit/memorySettings.ts";
import { findMachines, loadMachines } from "../machine/machineCatalogue.ts";
import { readBoxPrices } from "../predict/boxPrices.ts";
import type { Given } from "../flags/flagTable.ts";
import { refuseContradictions } from "../suite/contradictions.ts";
import { impliedDevice } from "../suite/impliedDevice.ts";
import { defineCommand } from "./command.ts";
import { fit as fitOf } from "../usecases/fit/fit.ts";
import type { FitCell } from "../usecases/fit/fitCells.ts";
import { fitFlags, memorySettingNames } from "./fitFlags.ts";
import { thisMachineWord } from "../usecases/fit/fitMachines.ts";
import { tableWidth } from "../ui/terminal.ts";
import { shoppingJson, shoppingText, type ShoppingQuestion } from "../usecases/fit/fitShopping.ts";
import { fitJson, fitTable } from "../usecases/fit/fitTable.ts";
import { refuseUntaken } from "../usecases/refusals.ts";

type FitGiven = Given<typeof fitFlags>;

export const fit = defineCommand({
  help: "Say what fits: models at quantizations on machines, before anything is loaded",
  flags: fitFlags,
  examples: [
    ["fit --model 70b", "Llama 2 70B on this machine"],
    ["fit -m 8b,70b -q q4_k_m --machine m3-max-40c-64gb --machine rtx-4090-24gb", "two by two"],
    ["fit --model 70b --machine my-box.yaml --ctx 32768", "a machine of your own description"],
    [
      "fit -m 70b -q q4_k_m --min-tg 7",
      "what to buy: the machines that reach 7 t/s, fastest first",
    ],
    ["fit -m 70b -q q4_k_m --min-tg 7 --prices prices.yaml", "and the cheapest first"],
    ["fit --json", "the whole catalogue on this machine, for a program"],
  ],
  async run(given) {
    optimizeLate();
    const settings = fitSettings(given);
    // Names are checked before the engine starts.
    const machineNames =
      given.machines ?? (typeof given.minTg === "number" ? everyMachine() : [thisMachineWord]);
    const shopping = shoppingQuestion(given, machineNames);
    const { engine = usualEngine } = given;
    const row = engineRow(engine);
    // Of one that opens no files nothing can be said, whatever it takes.
    if (row.opens === "files") refuseUntaken(given, engine, row);
    const cells = await fitOf({
      models: given.models,
      quantizations: given.quantizations ?? undefined,
      machines: machineNames,
      settings,
      gpuBudgetBytes: given.gpuBudgetBytes ?? undefined,
      ramGbps: given.ramGbps ?? undefined,
      device: impliedDevice(given.device ?? "auto", [settings.devices]),
      engine,
      own: ownValues(row, given),
      link: given.link ?? undefined,
      formula: given.formula === true,
    });
    console.log(answer(cells, settings, shopping, given));
    return 0;
  },
});

function answer(
  cells: readonly FitCell[],
  settings: FitSettings,
  shopping: ShoppingQuestion | null,
  { json, verbose }: FitGiven,
): string {
  if (json !== true) {
    const width = tableWidth();
    return shopping === null
      ? fitTable(cells, settings, width)
      : shoppingText(cells, shopping, { width, whole: verbose === true });
  }
  const rows =
    shopping === null
      ? cells.map((cell) => fitJson(cell, settings))
      : shoppingJson(cells, shopping, settings);
  return JSON.stringify(rows, null, 2);
}

function everyMachine(): string[] {
  return loadMachines().map(({ id }) => id);
}

/** Null where the question is not what to buy. */
function shoppingQuestion(
  { minTg, prices, machines }: FitGiven,
  machineNames: readonly string[],
): ShoppingQuestion | null {
  if (typeof minTg !== "number") {
    if (typeof prices !== "string") return null;
    throw new LlmbenchError(
      "usage",
      "--prices needs --min-tg N: it lists the machines that are fast enough, the cheapest first, and N says how fast that is (t/s)",
    );
  }
  const named = machines !== undefined && machines !== null;
  if (typeof prices !== "string") return { minTg, prices: null, named };
  const own = machineNames
    .filter((name) => name.toLowerCase() !== thisMachineWord)
    .flatMap((name) => findMachines(name));
  return { minTg, prices: readBoxPrices(prices, [...loadMachines(), ...own]), named };
}

/** @throws LlmbenchError `usage` for what llama.cpp would refuse. */
function fitSettings(given: FitGiven): FitSettings {
  const asked = memorySettingNames.flatMap((name) =>
    given[name] === undefined ? [] : [[name, given[name]] as const],
  );
  const settings: FitSettings = {
    ...usualFitSettings,
    ...(Object.fromEntries(asked) as Partial<FitSettings>),
    nCtx: given.ctx ?? usualFitSettings.nCtx,
  };
  const { typeV, flashAttn, splitMode } = settings;
  refuseContradictions({ typeV: [typeV], flashAttn: [flashAttn], splitMode: [splitMode] });
  return settings;
}
