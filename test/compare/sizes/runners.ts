/** Machines of the catalogue at models of any size, and the same with wider ranges. */
import type { Machine } from "../../../src/compare/machines.ts";
import { Runners } from "../../../src/compare/sizes/runners.ts";
import type { PredictedMachine } from "../../../src/predict/families/predictedMachine.ts";
import { predictMachine } from "../../../src/usecases/predictMachine.ts";
import { compareReference } from "../reference.ts";

export const gib = 2 ** 30;
export const macAndCard = ["m3-max-40c-64gb", "rtx-4090-24gb"] as const;

export async function machinesNamed(names: readonly string[]): Promise<readonly Machine[]> {
  return (await compareReference(names)).machines;
}

export async function runnersOf(
  names: readonly string[] = macAndCard,
  predict: (machine: Machine) => PredictedMachine | null = predictMachine,
): Promise<Runners> {
  return new Runners(await machinesNamed(names), predict);
}

interface Ranged {
  readonly low: number;
  readonly high: number;
}

/** Every range so many times as wide, on logarithms, around the same centre. */
export function widened(factor: number): (machine: Machine) => PredictedMachine | null {
  const wide = <Range extends Ranged>(range: Range, centre: number): Range => ({
    ...range,
    low: centre / (centre / range.low) ** factor,
    high: centre * (range.high / centre) ** factor,
  });
  return (machine) => {
    const predicted = predictMachine(machine);
    if (predicted === null) return null;
    const { source, decode, prefill } = predicted.speed;
    const speed = {
      source,
      decode: decode && {
        ...decode,
        predict: (work: Parameters<typeof decode.predict>[0]) => {
          const told = decode.predict(work);
          return wide(told, told.tg_ts);
        },
      },
      prefill: prefill && {
        ...prefill,
        predict: (work: Parameters<typeof prefill.predict>[0]) => {
          const told = prefill.predict(work);
          return wide(told, told.pp_ts);
        },
      },
    };
    return { ...predicted, speed };
  };
}
