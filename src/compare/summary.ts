/** The verdict in words. Every sentence is made from the pairs and the rows; none is written by hand. */
import { groupBy } from "../base/groupBy.ts";
import { bestOfModels, bestSentences } from "./bestWords.ts";
import { claimSentence } from "./claimWords.ts";
import type { Comparison } from "./comparison.ts";
import { between } from "./crossover.ts";
import { duelOf } from "./duel.ts";
import { holdingsOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import { memorySentences, slowSentences } from "./memoryWords.ts";
import { noteSentences } from "./noteWords.ts";
import { speedSentences } from "./speedWords.ts";

export function summaryOf(comparison: Comparison): string[] {
  const { options } = comparison;
  const holdings = sharedHoldings(comparison);
  const each = [...holdings.values()];
  return [
    ...againstBaseline(comparison, holdings),
    ...each.flatMap((own) => memorySentences(own, options.usable)),
    ...each.flatMap((own) => slowSentences(own, options.usable)),
    ...bestSentences(bestOfModels(each, options.usable), options.usable),
    ...noteSentences(comparison),
  ];
}

type Holdings = ReadonlyMap<Comparison["machines"][number], readonly Holding[]>;

/** Only of models that at least two machines tried: of others there is nothing to compare. */
function sharedHoldings({ machines }: Comparison): Holdings {
  const all = new Map(machines.map((machine) => [machine, holdingsOf(machine)]));
  const triedBy = groupBy([...all.values()].flat(), ({ model }) => model);
  const isShared = ({ model }: Holding) =>
    new Set(triedBy.get(model)?.map(({ machine }) => machine)).size > 1;
  return new Map(machines.map((machine) => [machine, (all.get(machine) ?? []).filter(isShared)]));
}

function againstBaseline({ machines, pairs, options }: Comparison, holdings: Holdings): string[] {
  const [baseline] = machines;
  if (baseline === undefined) return [];
  const duelist = (machine: typeof baseline) => ({
    machine,
    holdings: holdings.get(machine) ?? [],
  });
  return [...groupBy(pairs, ({ machines: [, other] }) => other)].flatMap(([other, own]) => {
    const duel = duelOf(own, [duelist(baseline), duelist(other)], options.usable);
    const turn = between(own);
    return [
      ...(duel === null ? [] : [claimSentence(duel, options)]),
      ...speedSentences(own, options.practical),
      ...(turn === null ? [] : [`${turn.text}.`]),
    ];
  });
}
