/** A comparison in words. Every sentence is made from the pairs and the cases; none is written by hand. */
import { groupBy } from "../../../base/groupBy.ts";
import { pairedModels, type Comparison, type Pair } from "../../../compare/comparison.ts";
import { crossoversOf } from "../../../compare/crossover.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelsOn, type ModelOnMachine } from "../../../compare/modelOnMachine.ts";
import { bestSentences } from "./bests.ts";
import { claimSentences } from "./claim.ts";
import { crossoverText } from "./crossover.ts";
import { memorySentences, slowSentences } from "./memory.ts";
import { noteSentences } from "./notes.ts";
import { speedSentences } from "./speeds.ts";

export function summaryOf(comparison: Comparison): string[] {
  const { usable } = comparison.options;
  const models = modelsPaired(comparison);
  const each = [...models.values()];
  const others = [...groupBy(comparison.pairs, ({ other }) => other.machine).values()];
  return [
    ...others.flatMap((pairs) => claimsAbout(pairs, comparison, models)),
    ...others.flatMap((pairs) => speedsOf(pairs, comparison)),
    ...each.flatMap((own) => memorySentences(own, usable)),
    ...each.flatMap((own) => slowSentences(own, usable)),
    ...bestSentences(each, usable),
    ...noteSentences(comparison),
  ];
}

type Models = ReadonlyMap<Machine, readonly ModelOnMachine[]>;

/** Only of models that were paired: of others there is nothing to compare. */
function modelsPaired({ machines, pairs }: Comparison): Models {
  const paired = pairedModels(pairs);
  return new Map(
    machines.map((machine) => [
      machine,
      modelsOn(machine).filter(({ model }) => paired.has(model.id)),
    ]),
  );
}

/** @param pairs of two machines. */
function claimsAbout([pair, ...more]: readonly Pair[], { options }: Comparison, models: Models) {
  if (pair === undefined) return [];
  const { baseline, other } = pair;
  const onMachine = (machine: Machine) => ({ machine, models: models.get(machine) ?? [] });
  const machines = [onMachine(baseline.machine), onMachine(other.machine)] as const;
  return claimSentences([pair, ...more], machines, options);
}

/** @param pairs of two machines. */
function speedsOf(pairs: readonly Pair[], comparison: Comparison): string[] {
  const turn = crossoversOf(comparison).get(pairs[0]?.other.machine.label ?? "") ?? null;
  const sentences = speedSentences(pairs, comparison.options.practical);
  return [...sentences, ...(turn === null ? [] : [`${crossoverText(turn)}.`])];
}
