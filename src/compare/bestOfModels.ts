/** The best that each machine can do with a model: its most precise quantization that fits and is fast enough. */
import { groupBy } from "../base/groupBy.ts";
import type { Machine } from "./machines.ts";
import { shapeOf } from "./modelNames.ts";
import { generationSpeed, type ModelOnMachine } from "./modelOnMachine.ts";

export interface BestOfModel {
  /** Ids of models of one shape. */
  readonly ids: readonly string[];
  /** One a machine, in the machines' order. */
  readonly bests: readonly BestOnMachine[];
}

export interface BestOnMachine {
  readonly machine: Machine;
  /** Null where nothing was measured writing with the model. */
  readonly best: ModelOnMachine | null;
  /** Whether something was measured reading with it. */
  readonly isRead: boolean;
}

/** @param machines what each has of the models. */
export function bestOfModels(
  machines: readonly (readonly ModelOnMachine[])[],
  usable: number,
): BestOfModel[] {
  return groupsOf(machines).map((ids) => ({
    ids,
    bests: machines.flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const candidates = own.filter(({ model }) => ids.includes(model.id));
      const isRead = candidates.some(({ prompts }) => prompts.length > 0);
      return [{ machine: first.machine, best: bestOf(candidates, usable), isRead }];
    }),
  }));
}

/** Models alone, or all of one shape where the machines have different ones of it. */
function groupsOf(machines: readonly (readonly ModelOnMachine[])[]): string[][] {
  const shapes = groupBy(new Set(machines.flat().map(({ model }) => model.id)), shapeOf);
  return [...shapes.values()].flatMap((ids) => {
    const having = machines.filter((own) => own.some(({ model }) => ids.includes(model.id)));
    const everywhere = ids.every((id) =>
      having.every((own) => own.some(({ model }) => model.id === id)),
    );
    return everywhere ? ids.map((id) => [id]) : [ids];
  });
}

/** The best of several: on the GPU before elsewhere, usable before too slow, then the most bits per weight. */
function bestOf(models: readonly ModelOnMachine[], usable: number): ModelOnMachine | null {
  const ran = models.filter(({ generations }) => generations.length > 0);
  const score = (model: ModelOnMachine) => [
    Number(model.onGpu === "yes"),
    Number(generationSpeed(model) >= usable),
    model.bitsPerWeight ?? model.weightsBytes ?? 0,
  ];
  const [best] = ran.toSorted((a, b) => lexicographic(score(b), score(a)));
  return best ?? null;
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
