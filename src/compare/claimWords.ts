/** Do the data support "this machine wins for big-model inference"? With the conditions under which they do. */
import { stockWorkingSetBytes } from "../machine/metalLimit.ts";
import type { Pair } from "./comparison.ts";
import type { Duel } from "./duel.ts";
import { jointAnswers } from "./jointAnswers.ts";
import { speedOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import type { Machine } from "./machines.ts";
import { needed, pace, tooSlowly, whereAndSpeed } from "./memoryWords.ts";
import { gib, listed, range, threeDigits } from "./phrases.ts";
import { isSpeedPair, modelsOf, workOf } from "./work.ts";

interface Standards {
  readonly practical: number;
  readonly usable: number;
}

export function claimSentence(duel: Duel, standards: Standards): string {
  const claim = `"${duel.claimant.machine.label} wins for big-model inference" against ${duel.rival.machine.label}`;
  return `${[`${claim}: ${answer(duel, standards)}`, ...neitherHolds(duel, standards)].join(". ")}.`;
}

/** The claim ends where both do; running it all the same is said of the claimant. */
function neitherHolds({ neither, claimant }: Duel, { usable }: Standards): string[] {
  if (neither.length === 0) return [];
  const ran = neither.filter(({ generations }) => generations.length > 0);
  const slow = ran.length > 0 && ran.every((holding) => speedOf(holding) < usable);
  const instead = ran.map(
    (holding) => `${holding.name} ${slow ? whereAndSpeed(holding) : pace(holding, usable)}`,
  );
  const verdict = slow ? `, ${tooSlowly(usable)}` : "";
  const tail =
    ran.length === 0 ? "" : `; ${claimant.machine.label} runs ${listed(instead)}${verdict}`;
  return [`Neither holds ${named(neither)} on its GPU${tail}`];
}

const named = (holdings: readonly Holding[]) => listed(holdings.map(({ name }) => name));
const speeds = (holdings: readonly Holding[]) =>
  range(holdings.flatMap(({ generations }) => generations.map(({ avg_ts }) => avg_ts ?? 0)));

function answer(duel: Duel, standards: Standards): string {
  const { claimant, rival, alone, aloneTooSlow, rivalAlone } = duel;
  if (rivalAlone.length > 0) {
    const lost = `${rival.machine.label} holds ${named(rivalAlone)} on its GPU and ${claimant.machine.label} does not`;
    if (alone.length === 0) return `not supported: ${lost}`;
    return `divided: ${claimant.machine.label} alone holds ${named(alone)}, but ${lost}`;
  }
  if (alone.length > 0) return supported(duel, standards);
  if (aloneTooSlow.length === 0) return bySpeed(duel, standards);
  const slow = `it alone holds ${named(aloneTooSlow)}, but runs that at ${speeds(aloneTooSlow)} t/s`;
  return `not supported: ${slow}, ${tooSlowly(standards.usable)}`;
}

function supported(duel: Duel, standards: Standards): string {
  const { rival, alone } = duel;
  const against = rival.holdings.find(({ name }) => name === alone[0]?.name);
  const bytes = against === undefined ? null : needed(against);
  const whose = alone.length > 1 ? `${against?.name}: ` : "";
  return [
    `supported for ${named(alone)}, which it generates at ${speeds(alone)} t/s and which ` +
      `${rival.machine.label} can't hold on its GPU${bytes === null ? "" : ` (${whose}${bytes})`}`,
    `Conditions: ${conditions(duel, standards).join("; ")}`,
    ...otherWays(duel),
    whatBothHold(duel, standards),
  ].join(". ");
}

function conditions({ claimant, rival, alone }: Duel, { usable }: Standards): string[] {
  const contexts = [...new Set(alone.flatMap(({ contextTokens }) => contextTokens ?? []))];
  return [
    ...[claimant, rival].flatMap(({ machine }) => memoryCondition(machine)),
    ...(contexts.length > 0
      ? [
          `${contexts.length > 1 ? "contexts" : "a context"} of ${listed(contexts.map(String))} tokens`,
        ]
      : []),
    "no lower precision instead",
    `${usable} t/s taken as enough`,
  ];
}

/** `the stock Metal limit of 48.0 GiB`, `one card with 24.0 GiB`. */
function memoryCondition({
  label,
  backend,
  ramBytes,
  gpuBudgetBytes,
  nDevices,
}: Machine): string[] {
  if (gpuBudgetBytes === null) return [];
  const budget = gib(gpuBudgetBytes);
  if (backend === "metal") {
    const stock = ramBytes === null || gpuBudgetBytes <= stockWorkingSetBytes(ramBytes);
    return [`${stock ? "the stock" : "a raised or newer"} Metal limit of ${budget} on ${label}`];
  }
  const cards = nDevices === null || nDevices === 1 ? "one card" : `${nDevices} cards`;
  return [`${cards} with ${budget} in ${label}`];
}

/** What the rival did with the same models outside its GPU, or at a lower precision. */
function otherWays({ alone, rival }: Duel): string[] {
  const models = new Set(alone.map(({ model }) => model));
  const ways = rival.holdings.filter(
    ({ model, generations }) => models.has(model) && generations.length > 0,
  );
  if (ways.length === 0) return [];
  const items = ways.map((holding) => {
    const where = holding.onGpu === "yes" ? "on its GPU" : "with layers on the CPU";
    return `${holding.name} ${where} at ${threeDigits(speedOf(holding))} t/s`;
  });
  return [`Otherwise ${rival.machine.label} runs ${listed(items)}`];
}

/** The other half of the truth. */
function whatBothHold({ pairs, rival, claimant }: Duel, { practical }: Standards): string {
  const both = pairs.filter((pair) => isSpeedPair(pair) && workOf(pair) === "tg");
  if (both.length === 0) return "No model that both hold was measured on both";
  const rivalSide = both[0]?.machines[0] === rival.machine ? "baseline" : "other";
  const answers = jointAnswers(both, practical);
  const won = both.filter((_, i) => answers[i] === rivalSide);
  if (won.length === 0) return `For what both hold ${rival.machine.label} is not the faster`;
  const ratios = won.map(({ ratio }) => Math.exp(Math.abs(ratio?.log ?? 0)));
  return (
    `For what both hold it is the other way round: ${rival.machine.label} generates ${range(ratios)} times as fast ` +
    `as ${claimant.machine.label} in ${won.length} of ${both.length} cases`
  );
}

/** No cliff between them: the largest model that both ran decides, if it is large for either. */
function bySpeed(duel: Duel, { practical }: Standards): string {
  const { pairs, claimant, rival } = duel;
  const both = pairs.filter((pair) => isSpeedPair(pair) && workOf(pair) === "tg");
  const top = both.reduce((a, b) => ((b.bytes ?? 0) > (a?.bytes ?? -1) ? b : a), both[0]);
  if (top === undefined) return nothingTells;
  const largest = both.filter(
    ({ model, quantization }) => model === top.model && quantization === top.quantization,
  );
  const claimantSide = top.machines[0] === claimant.machine ? "baseline" : "other";
  const answers = new Set(jointAnswers(largest, practical));
  const [said] = answers.size === 1 ? [...answers] : [null];
  const ratio = range(largest.map((pair) => Math.exp(Math.abs(pair.ratio?.log ?? 0))));
  const winner = said === claimantSide ? claimant : rival;
  const outcome =
    said === null || said === "equivalent"
      ? "neither is clearly the faster"
      : `${winner.machine.label} generates ${ratio} times as fast`;
  const shared = `both hold the largest model that both ran, ${listed(modelsOf(largest))}, and ${outcome}`;
  if (!isLarge(top, duel)) return `not tested, since no model here is large for either: ${shared}`;
  if (said === null || said === "equivalent") return `not settled: ${shared}`;
  return `${winner === claimant ? "supported" : "not supported"}: ${shared}`;
}

const nothingTells =
  "nothing in these files tells: no model is known to fit one GPU and not the other, and none ran on both";

/** More than half of the smaller budget; any size where budgets aren't known. */
function isLarge({ bytes }: Pair, { claimant, rival }: Duel): boolean {
  const budgets = [claimant, rival].flatMap(({ machine }) => machine.gpuBudgetBytes ?? []);
  return budgets.length < 2 || (bytes ?? 0) > Math.min(...budgets) / 2;
}
