/** Do the data support "this machine wins for big-model inference"? With the conditions under which they do. */
import { stockWorkingSetBytes } from "../machine/metalLimit.ts";
import { largestOfBoth, whatBothHold } from "./claimBySpeed.ts";
import type { Duel, Duelist } from "./duel.ts";
import { counterpartOf, speedOf } from "./holding.ts";
import type { Holding } from "./holding.ts";
import type { Machine } from "./machines.ts";
import { needed, pace, tooSlowly, whereAndSpeed } from "./memoryWords.ts";
import { gib, listed, range } from "./phrases.ts";
import { shapeName } from "./twins.ts";

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
  const { claimant, rival, lead, rivalLead } = duel;
  if (rivalLead.won.length > 0) {
    const lost = `${rival.machine.label} holds ${named(rivalLead.won)} on its GPU and ${claimant.machine.label} does not`;
    if (lead.won.length === 0) return `not supported: ${lost}`;
    return `divided: ${claimant.machine.label} alone holds ${named(lead.won)}, but ${lost}`;
  }
  if (lead.won.length > 0) return supported(duel, standards);
  if (lead.outrun.length > 0) return `not supported: ${outrunBy(rival, lead.outrun)}`;
  if (lead.tooSlow.length > 0) return `not supported: it ${slowAlone(lead.tooSlow, standards)}`;
  const slow =
    rivalLead.tooSlow.length === 0
      ? []
      : [`${rival.machine.label} ${slowAlone(rivalLead.tooSlow, standards)}`];
  return [largestOfBoth(duel, standards.practical), ...slow].join("; ");
}

function slowAlone(holdings: readonly Holding[], { usable }: Standards): string {
  return `alone holds ${named(holdings)}, but runs that at ${speeds(holdings)} t/s, ${tooSlowly(usable)}`;
}

/** The GPU that holds a model isn't always the faster way to run it. */
function outrunBy({ machine, holdings }: Duelist, outrun: readonly Holding[]): string {
  const items = outrun.map((holding) => {
    const theirs = counterpartOf(holding, holdings);
    const way = theirs === undefined ? "" : ` (${whereAndSpeed(theirs)})`;
    return `${holding.name}, which ${holding.machine.label} alone holds on its GPU, faster all the same${way}`;
  });
  return `${machine.label} runs ${listed(items)}`;
}

function supported(duel: Duel, standards: Standards): string {
  const { rival, lead } = duel;
  const [first] = lead.won;
  const against = first === undefined ? undefined : counterpartOf(first, rival.holdings);
  const bytes = against === undefined ? null : needed(against);
  const whose = lead.won.length > 1 ? `${against?.name}: ` : "";
  return [
    `supported for ${named(lead.won)}, which it generates at ${speeds(lead.won)} t/s and which ` +
      `${rival.machine.label} can't hold on its GPU${bytes === null ? "" : ` (${whose}${bytes})`}`,
    `Conditions: ${conditions(duel, standards).join("; ")}`,
    ...otherWays(duel),
    ...(lead.outrun.length > 0 ? [`But ${outrunBy(rival, lead.outrun)}`] : []),
    whatBothHold(duel, standards.practical),
  ].join(". ");
}

function conditions({ claimant, rival, lead }: Duel, { usable }: Standards): string[] {
  const contexts = [...new Set(lead.won.flatMap(({ contextTokens }) => contextTokens ?? []))];
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
function otherWays({ lead, rival }: Duel): string[] {
  const models = new Set(lead.won.map(({ model }) => shapeName(model)));
  const ways = rival.holdings.filter(
    ({ model, generations }) => models.has(shapeName(model)) && generations.length > 0,
  );
  if (ways.length === 0) return [];
  const items = ways.map((holding) => {
    const shorter = holding.onGpu === "small_context" ? "with a shorter context " : "";
    return `${holding.name} ${shorter}${whereAndSpeed(holding)}`;
  });
  return [`Otherwise ${rival.machine.label} runs ${listed(items)}`];
}
