/** The best that each machine did with a model, in words. */
import { bestOfModels, type BestOnMachine } from "../../../compare/bestOfModels.ts";
import { testName } from "../../../bench/workload.ts";
import { typicalGeneration, type ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import { paceText } from "./memory.ts";
import { bitsText, publishedText } from "./quality.ts";

/** Only of models where the machines' best differ: elsewhere the pairs say all. */
export function bestSentences(
  machines: readonly (readonly ModelOnMachine[])[],
  usable: number,
): string[] {
  return bestOfModels(machines, usable)
    .filter(({ bests }) => new Set(bests.map(({ best }) => best?.model.quantization)).size > 1)
    .map(({ ids, bests }) => {
      const tests = new Set(bests.flatMap(({ best }) => testOf(best) ?? []));
      const parts = bests.map(
        (one) =>
          `${one.machine.label} ${bestText(one, usable, tests.size > 1 ? testText(one.best) : "")}`,
      );
      return `The best that each did with ${ids.join(" / ")}: ${parts.join("; ")}.`;
    });
}

function testOf(best: ModelOnMachine | null): string | null {
  const record = best === null ? null : typicalGeneration(best);
  return record === null ? null : testName(record.workload);
}

/** Told where the machines were measured in different tests, whose speeds are no ratio. */
function testText(best: ModelOnMachine | null): string {
  const test = testOf(best);
  return test === null ? "" : ` in ${test}`;
}

/** @param test that its speed was measured in, where that is told */
function bestText({ best, isRead }: BestOnMachine, usable: number, test: string): string {
  if (best === null)
    return isRead ? "nothing that was measured writing" : "nothing that was measured";
  const [bits, quality] = [bitsText(best), publishedText(best)];
  const told = bits === "" ? "" : ` (${bits})`;
  const cost = quality === "" ? "" : `, ${quality}`;
  return `${best.model.quantization ?? "its file"}${told} ${paceText(best, usable)}${test}${cost}`;
}
