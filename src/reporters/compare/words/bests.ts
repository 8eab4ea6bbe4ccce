/** The best that each machine did with a model, in words. */
import { bestOfModels } from "../../../compare/bestOfModels.ts";
import type { ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import { paceText } from "./memory.ts";
import { threeDigits } from "./phrases.ts";

/** Only of models where the machines' best differ: elsewhere the pairs say all. */
export function bestSentences(
  machines: readonly (readonly ModelOnMachine[])[],
  usable: number,
): string[] {
  return bestOfModels(machines, usable)
    .filter(({ bests }) => new Set(bests.map(({ best }) => best?.model.quantization)).size > 1)
    .map(({ ids, bests }) => {
      const parts = bests.map(({ machine, best }) => `${machine.label} ${bestText(best, usable)}`);
      return `The best that each did with ${ids.join(" / ")}: ${parts.join("; ")}.`;
    });
}

function bestText(best: ModelOnMachine | null, usable: number): string {
  if (best === null) return "nothing that was measured";
  const { model, bitsPerWeight } = best;
  const bits = bitsPerWeight === null ? "" : ` (${threeDigits(bitsPerWeight)} bits per weight)`;
  return `${model.quantization ?? "its file"}${bits} ${paceText(best, usable)}`;
}
