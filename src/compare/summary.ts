/** The verdict in words. Every sentence is made from the pairs and the rows; none is written by hand. */
import { groupBy } from "../base/groupBy.ts";
import { bestOfModels, bestSentences } from "./bestWords.ts";
import { claimSentence } from "./claimWords.ts";
import { pairedModels } from "./comparison.ts";
import type { Comparison, Pair } from "./comparison.ts";
import { crossoversOf } from "./crossover.ts";
import { duelOf } from "./duel.ts";
import { holdingsOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import type { Machine } from "./machines.ts";
import { memorySentences, slowSentences } from "./memoryWords.ts";
import { noteSentences } from "./noteWords.ts";
import { speedSentences } from "./speedWords.ts";

export function summaryOf(comparison: Comparison): string[] {
  const { options } = comparison;
  const holdings = pairedHoldings(comparison);
  const each = [...holdings.values()];
  const duels = [...groupBy(comparison.pairs, ({ machines: [, other] }) => other).values()];
  return [
    ...duels.flatMap((pairs) => claimOf(pairs, options, holdings)),
    ...duels.flatMap((pairs) => speedsOf(pairs, comparison)),
    ...each.flatMap((own) => memorySentences(own, options.usable)),
    ...each.flatMap((own) => slowSentences(own, options.usable)),
    ...bestSentences(bestOfModels(each, options.usable), options.usable),
    ...noteSentences(comparison),
  ];
}

type Holdings = ReadonlyMap<Machine, readonly Holding[]>;

/** Only of models that were paired: of others there is nothing to compare. */
function pairedHoldings({ machines, pairs }: Comparison): Holdings {
  const models = pairedModels(pairs);
  return new Map(
    machines.map((machine) => [
      machine,
      holdingsOf(machine).filter(({ model }) => models.has(model)),
    ]),
  );
}

function claimOf(
  pairs: readonly Pair[],
  { usable, practical }: Comparison["options"],
  holdings: Holdings,
): string[] {
  const [baseline, other] = pairs[0]?.machines ?? [];
  if (baseline === undefined || other === undefined) return [];
  const duelist = (machine: Machine) => ({ machine, holdings: holdings.get(machine) ?? [] });
  const duel = duelOf(pairs, [duelist(baseline), duelist(other)], usable);
  return duel === null ? [] : [claimSentence(duel, { usable, practical })];
}

function speedsOf(pairs: readonly Pair[], comparison: Comparison): string[] {
  const turn = crossoversOf(comparison).get(pairs[0]?.machines[1].label ?? "") ?? null;
  const sentences = speedSentences(pairs, comparison.options.practical);
  return [...sentences, ...(turn === null ? [] : [`${turn.text}.`])];
}
