/** The best that each machine can do with a model: its most precise quantization that fits and is fast enough. */
import { groupBy } from "../base/groupBy.ts";
import { speedOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import { pace } from "./memoryWords.ts";
import { threeDigits } from "./phrases.ts";
import { shapeName } from "./twins.ts";

export interface BestOfModel {
  /** Models of one shape together. */
  readonly model: string;
  /** One a machine, in the machines' order; null where nothing of the model ran. */
  readonly best: readonly { readonly label: string; readonly holding: Holding | null }[];
}

export function bestOfModels(
  holdings: readonly (readonly Holding[])[],
  usable: number,
): BestOfModel[] {
  return groupsOf(holdings).map((models) => ({
    model: models.join(" / "),
    best: holdings.flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const candidates = own.filter(({ model }) => models.includes(model));
      return [{ label: first.machine.label, holding: bestOf(candidates, usable) }];
    }),
  }));
}

/** Models alone, or all of one shape where the machines have different ones of it. */
function groupsOf(holdings: readonly (readonly Holding[])[]): string[][] {
  const shapes = groupBy(new Set(holdings.flat().map(({ model }) => model)), (model) =>
    shapeName(model),
  );
  return [...shapes.values()].flatMap((models) => {
    const having = holdings.filter((own) => own.some(({ model }) => models.includes(model)));
    const everywhere = models.every((name) =>
      having.every((own) => own.some(({ model }) => model === name)),
    );
    return everywhere ? models.map((model) => [model]) : [models];
  });
}

/** On the GPU before elsewhere, usable before too slow, then the most bits per weight. */
function bestOf(holdings: readonly Holding[], usable: number): Holding | null {
  const ran = holdings.filter(({ generations }) => generations.length > 0);
  const score = (holding: Holding) => [
    Number(holding.onGpu === "yes"),
    Number(speedOf(holding) >= usable),
    holding.bitsPerWeight ?? holding.weightsBytes ?? 0,
  ];
  const [best] = ran.toSorted((a, b) => lexicographic(score(b), score(a)));
  return best ?? null;
}

function lexicographic(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Only of models where the machines' best differ: elsewhere the pairs say all. */
export function bestSentences(models: readonly BestOfModel[], usable: number): string[] {
  return models.flatMap(({ model, best }) => {
    const quantizations = new Set(best.map(({ holding }) => `${holding?.quantization}`));
    if (quantizations.size < 2) return [];
    const parts = best.map(({ label, holding }) => `${label} ${bestPhrase(holding, usable)}`);
    return [`The best that each did with ${model}: ${parts.join("; ")}.`];
  });
}

function bestPhrase(holding: Holding | null, usable: number): string {
  if (holding === null) return "nothing that was measured";
  const { quantization, bitsPerWeight } = holding;
  const bits = bitsPerWeight === null ? "" : ` (${threeDigits(bitsPerWeight)} bits per weight)`;
  return `${quantization ?? "its file"}${bits} ${pace(holding, usable)}`;
}
