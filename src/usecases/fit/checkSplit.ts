/** Settings that name devices one by one, against the devices that a machine has. */
import { LlmbenchError } from "../../errors.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import type { FitMachine } from "./fitMachine.ts";

/**
 * llama.cpp refuses a main GPU that isn't there; proportions beyond its devices it ignores, and where all are 0 it splits
 * by free memory, without a word (`load_tensors`, src/llama-model.cpp, v0.4.0): neither is what was meant.
 *
 * @throws LlmbenchError `usage` for the first machine that can't be split so.
 */
export function checkSplit(settings: FitSettings, machines: readonly FitMachine[]): void {
  const { tensorSplit, splitMode, mainGpu } = settings;
  const split = `--tensor-split ${tensorSplit.join("/")}`;
  if (tensorSplit.length > 0 && tensorSplit.every((share) => share === 0)) {
    throw new LlmbenchError(
      "usage",
      `${split}: no device gets a part; give one more than 0, or leave it out to split by free memory`,
    );
  }
  for (const { name, budget } of machines) {
    const count = budget.devices.length;
    if (tensorSplit.length > count) {
      throw new LlmbenchError(
        "usage",
        `${split}: ${tensorSplit.length} proportions, and ${name} has ${devices(count)}; give one for each device, or leave it out`,
      );
    }
    if (splitMode === "none" && count > 0 && mainGpu >= count) {
      throw new LlmbenchError(
        "usage",
        `--main-gpu ${mainGpu}: ${name} has ${devices(count)}, counted from 0`,
      );
    }
  }
}

function devices(count: number): string {
  if (count === 0) return "no GPU";
  return count === 1 ? "one device" : `${count} devices`;
}
