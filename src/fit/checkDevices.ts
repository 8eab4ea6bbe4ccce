/** Flags that speak of devices, against the devices that a machine has. */
import { LlmbenchError } from "../errors.ts";
import type { Placement } from "../bench/settings.ts";

/** A machine's devices, as far as this counts them. */
interface Devices {
  readonly name: string;
  readonly budget: { readonly devices: readonly unknown[] };
}

export interface AskedDevices {
  /** `--gpu-budget`. */
  readonly gpuBudgetBytes: number | null | undefined;
  readonly placements: readonly Pick<Placement, "tensorSplit" | "mainGpu">[];
}

/** @throws LlmbenchError `usage` for what names a device that isn't there, or is heeded by none. */
export function checkDevices(
  { gpuBudgetBytes, placements }: AskedDevices,
  machines: readonly Devices[],
): void {
  if (gpuBudgetBytes !== null && gpuBudgetBytes !== undefined) checkGpuBudget(machines);
  for (const placement of placements) checkSplit(placement, machines);
}

/**
 * llama.cpp refuses a main GPU that isn't there under `none`, and passes over it otherwise; proportions beyond its devices it
 * ignores, and where all are 0 it splits by free memory, without a word (`load_tensors`, src/llama-model.cpp, v0.4.0):
 * neither is what was meant.
 */
function checkSplit(
  { tensorSplit, mainGpu }: Pick<Placement, "tensorSplit" | "mainGpu">,
  machines: readonly Devices[],
): void {
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
    // The first is everyone's default.
    if (mainGpu > 0 && mainGpu >= count) {
      throw new LlmbenchError(
        "usage",
        `--main-gpu ${mainGpu}: ${name} has ${devices(count)}, counted from 0`,
      );
    }
  }
}

function checkGpuBudget(machines: readonly Devices[]): void {
  if (machines.some(({ budget }) => budget.devices.length > 0)) return;
  const names = machines.map(({ name }) => name).join(", ");
  throw new LlmbenchError(
    "usage",
    `--gpu-budget: no GPU is in use on ${names}, so that nothing would heed it; leave it out`,
  );
}

function devices(count: number): string {
  if (count === 0) return "no GPU";
  return count === 1 ? "one device" : `${count} devices`;
}
