/** What the claim to win at big models owes to speed: the cases that both machines ran. */
import type { Pair } from "./comparison.ts";
import type { Duel, Duelist } from "./duel.ts";
import { jointAnswers } from "./jointAnswers.ts";
import { count, listed, range } from "./phrases.ts";
import { isSpeedPair, machineOn, modelsOf, workOf } from "./work.ts";

/** The other half of the truth. */
export function whatBothHold(duel: Duel, practical: number): string {
  const both = generationsOfBoth(duel);
  if (both.length === 0) return "No model that both hold was measured on both";
  const answers = jointAnswers(both, practical);
  const wonBy = ({ machine }: Duelist) =>
    both.filter((pair, i) => machineOn(pair, answers[i] ?? null) === machine);
  const [lost, won] = [wonBy(duel.rival), wonBy(duel.claimant)];
  const [rival, claimant] = [duel.rival.machine.label, duel.claimant.machine.label];
  if (lost.length === 0) return `For what both hold ${rival} is not the faster`;
  const all = `of ${count(both.length, "case")}`;
  const turned = `${rival} generates ${timesOf(lost)} times as fast as ${claimant} in ${lost.length}`;
  if (won.length === 0) return `For what both hold it is the other way round: ${turned} ${all}`;
  return `For what both hold ${claimant} generates ${timesOf(won)} times as fast as ${rival} in ${won.length} ${all}, and ${turned}`;
}

function timesOf(pairs: readonly Pair[]): string {
  return range(pairs.map(({ ratio }) => Math.exp(Math.abs(ratio?.log ?? 0))));
}

/** On their GPUs; against a machine that has none, wherever it ran them. */
function generationsOfBoth({ pairs, claimant, rival }: Duel): Pair[] {
  const noGpu = [claimant, rival].some(({ machine }) => machine.backend === "cpu");
  return pairs.filter(
    (pair) =>
      workOf(pair) === "tg" && (isSpeedPair(pair) || (noGpu && pair.verdict === "only_one_on_gpu")),
  );
}

/** Without a cliff between them the largest model that both ran decides, if it is large for either. */
export function largestOfBoth(duel: Duel, practical: number): string {
  const both = generationsOfBoth(duel);
  const [first] = both;
  if (first === undefined) return nothingTells;
  const top = both.reduce((a, b) => ((b.bytes ?? 0) > (a.bytes ?? 0) ? b : a), first);
  // One family with the sentence about speeds, so that the two can't part.
  const answers = jointAnswers(both, practical);
  const isTop = ({ model, quantization }: Pair) =>
    model === top.model && quantization === top.quantization;
  const largest = both.filter(isTop);
  const winners = new Set(
    both.flatMap((pair, i) => (isTop(pair) ? [machineOn(pair, answers[i] ?? null)] : [])),
  );
  const [winner = null] = winners.size === 1 ? winners : [];
  const outcome =
    winner === null
      ? "neither is clearly the faster"
      : `${winner.label} generates ${timesOf(largest)} times as fast`;
  const shared = `both hold the largest model that both ran, ${listed(modelsOf(largest))}, and ${outcome}`;
  const small = whyNotLarge(top, duel);
  if (small !== null) return `not tested, since ${small}: ${shared}`;
  if (winner === null) return `not settled: ${shared}`;
  return `${winner === duel.claimant.machine ? "supported" : "not supported"}: ${shared}`;
}

const nothingTells =
  "nothing in these files tells: no model is known to fit one GPU and not the other, and none ran on both";

/** Large is more than half of the smaller budget. */
function whyNotLarge({ bytes }: Pair, { claimant, rival }: Duel): string | null {
  const budgets = [claimant, rival].flatMap(({ machine }) => machine.gpuBudgetBytes ?? []);
  if (budgets.length === 0) return "no GPU budget is known";
  const large = (bytes ?? 0) > Math.min(...budgets) / 2;
  return large ? null : "no model here is large for either";
}
