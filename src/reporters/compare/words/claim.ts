/** "This machine wins for big-model inference", in words: how far the data bear it out, and under which conditions. */
import { count } from "../../../base/count.ts";
import {
  claimOf,
  type Claim,
  type ClaimOptions,
  type MachineModels,
} from "../../../compare/claim.ts";
import type { Pair } from "../../../compare/comparison.ts";
import { ratioOf } from "../../../compare/judge/verdict.ts";
import type { Machine } from "../../../compare/machines.ts";
import { modelName, shapeOf } from "../../../compare/modelNames.ts";
import {
  counterpartOf,
  generationSpeed,
  type ModelOnMachine,
} from "../../../compare/modelOnMachine.ts";
import type { LargestOnBoth, RanOnBoth } from "../../../compare/ranOnBoth.ts";
import { isStockLimit } from "../../../machine/metalLimit.ts";
import { neededText, paceText, placeAndSpeed, tooSlowly } from "./memory.ts";
import { gib, listed, range } from "./phrases.ts";
import { precisionText } from "./quality.ts";

/** A sentence about two machines; none where nobody makes the claim. */
export function claimSentences(
  pairs: readonly Pair[],
  machines: readonly [MachineModels, MachineModels],
  options: ClaimOptions,
): string[] {
  const claim = claimOf(pairs, machines, options);
  if (claim === null) return [];
  const [label, other] = labelsOf(claim);
  const said = `"${label} wins for big-model inference" against ${other}: ${answerText(claim, options.usable)}`;
  return [`${[said, ...neitherHolds(claim, options.usable)].join(". ")}.`];
}

function labelsOf({ subject, against }: Claim): [subject: string, against: string] {
  return [subject.machine.label, against.machine.label];
}

/** The claim ends where both do; running it all the same is said of the machine that is said to win. */
function neitherHolds({ neither, subject }: Claim, usable: number): string[] {
  if (neither.length === 0) return [];
  const ran = neither.filter(({ generations }) => generations.length > 0);
  const slow = ran.length > 0 && ran.every((model) => generationSpeed(model) < usable);
  const instead = ran.map(
    (model) => `${model.name} ${slow ? placeAndSpeed(model) : paceText(model, usable)}`,
  );
  const verdict = slow ? `, ${tooSlowly(usable)}` : "";
  const tail =
    ran.length === 0 ? "" : `; ${subject.machine.label} runs ${listed(instead)}${verdict}`;
  return [`Neither holds ${named(neither)} on its GPU${tail}`];
}

const named = (models: readonly ModelOnMachine[]) => listed(models.map(({ name }) => name));
const speeds = (models: readonly ModelOnMachine[]) =>
  range(models.flatMap(({ generations }) => generations.map(({ summary }) => summary.mean)));

function answerText(claim: Claim, usable: number): string {
  const { answer, against, alone, othersAlone } = claim;
  const [label, other] = labelsOf(claim);
  const lost = `${other} holds ${named(othersAlone.usable)} on its GPU and ${label} does not`;
  switch (answer.kind) {
    case "refuted":
      return `not supported: ${lost}`;
    case "divided":
      return `divided: ${label} alone holds ${named(alone.usable)}, but ${lost}`;
    case "supported":
      return supportedText(claim, answer.both, usable);
    case "slower":
      return `not supported: ${slowerText(against, alone.slower)}`;
    case "too_slow":
      return `not supported: it ${slowAlone(alone.tooSlow, usable)}`;
    case "not_written":
      return `not told: ${notWrittenText(claim)}`;
    case "by_speed": {
      const slow =
        othersAlone.tooSlow.length === 0
          ? []
          : [`${other} ${slowAlone(othersAlone.tooSlow, usable)}`];
      return [largestText(answer.largest, claim), ...slow].join("; ");
    }
    default:
      return answer satisfies never;
  }
}

function notWrittenText({ alone, othersAlone, subject, against }: Claim): string {
  const sides = [
    { machine: subject.machine, models: alone.onlyRead },
    { machine: against.machine, models: othersAlone.onlyRead },
  ].filter(({ models }) => models.length > 0);
  const held = sides.map(({ machine, models }) => `${machine.label} alone holds ${named(models)}`);
  return `${listed(held)}, never measured writing`;
}

function slowAlone(models: readonly ModelOnMachine[], usable: number): string {
  return `alone holds ${named(models)}, but runs that at ${speeds(models)} t/s, ${tooSlowly(usable)}`;
}

/** The GPU that holds a model isn't always the faster way to run it. */
function slowerText({ machine, models }: MachineModels, slower: readonly ModelOnMachine[]): string {
  const items = slower.map((model) => {
    const theirs = counterpartOf(model, models);
    const way = theirs === undefined ? "" : ` (${placeAndSpeed(theirs)})`;
    return `${model.name}, which ${model.machine.label} alone holds on its GPU, faster all the same${way}`;
  });
  return `${machine.label} runs ${listed(items)}`;
}

function supportedText(claim: Claim, both: RanOnBoth, usable: number): string {
  const { against, alone } = claim;
  const [first] = alone.usable;
  const theirs = first === undefined ? undefined : counterpartOf(first, against.models);
  const bytes = theirs === undefined ? null : neededText(theirs);
  const whose = alone.usable.length > 1 ? `${theirs?.name}: ` : "";
  return [
    `supported for ${named(alone.usable)}, which it generates at ${speeds(alone.usable)} t/s and which ` +
      `${against.machine.label} can't hold on its GPU${bytes === null ? "" : ` (${whose}${bytes})`}`,
    `Conditions: ${conditions(claim, usable).join("; ")}`,
    ...otherWays(claim),
    ...(alone.slower.length > 0 ? [`But ${slowerText(against, alone.slower)}`] : []),
    bothText(both, claim),
  ].join(". ");
}

function conditions({ subject, against, alone }: Claim, usable: number): string[] {
  const contexts = [...new Set(alone.usable.flatMap(({ contextTokens }) => contextTokens ?? []))];
  return [
    ...[subject, against].flatMap(({ machine }) => memoryCondition(machine)),
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
function memoryCondition(machine: Machine): string[] {
  const { label, backend, ramBytes, gpuBudgetBytes, nDevices } = machine;
  if (gpuBudgetBytes === null) return [];
  const budget = gib(gpuBudgetBytes);
  if (backend === "metal") {
    const stock = isStockLimit(gpuBudgetBytes, ramBytes);
    return [`${stock ? "the stock" : "a raised or newer"} Metal limit of ${budget} on ${label}`];
  }
  const cards = nDevices === null || nDevices === 1 ? "one card" : `${nDevices} cards`;
  return [`${cards} with ${budget} in ${label}`];
}

/** What the other machine did with the same models outside its GPU, or at a lower precision. */
function otherWays({ alone, against }: Claim): string[] {
  const shapes = new Set(alone.usable.map(({ model }) => shapeOf(model.id)));
  const ways = against.models.filter(
    ({ model, generations }) => shapes.has(shapeOf(model.id)) && generations.length > 0,
  );
  if (ways.length === 0) return [];
  const items = ways.map((way) => {
    const shorter = way.onGpu === "small_context" ? "with a shorter context " : "";
    return `${way.name} ${shorter}${placeAndSpeed(way)}${lowerPrecision(way, alone.usable)}`;
  });
  return [`Otherwise ${against.machine.label} runs ${listed(items)}`];
}

/** How many bits a file with fewer has, which would win by silence, and what that costs. */
function lowerPrecision(way: ModelOnMachine, held: readonly ModelOnMachine[]): string {
  const least = Math.min(...held.flatMap(({ bitsPerWeight }) => bitsPerWeight ?? []));
  if (way.bitsPerWeight === null || way.bitsPerWeight >= least) return "";
  const first = held.find(({ bitsPerWeight }) => bitsPerWeight === least);
  const theirs =
    first === undefined ? "" : `; ${first.model.quantization}: ${precisionText(first)}`;
  return ` (${precisionText(way)}${theirs})`;
}

/** The other half of the truth. */
function bothText({ pairs, won, lost }: RanOnBoth, claim: Claim): string {
  if (pairs.length === 0) return "No model that both hold was measured on both";
  const [label, other] = labelsOf(claim);
  if (lost.length === 0) return `For what both hold ${other} is not the faster`;
  const all = `of ${count(pairs.length, "case")}`;
  const turned = `${other} generates ${timesOf(lost)} times as fast as ${label} in ${lost.length}`;
  if (won.length === 0) return `For what both hold it is the other way round: ${turned} ${all}`;
  return `For what both hold ${label} generates ${timesOf(won)} times as fast as ${other} in ${won.length} ${all}, and ${turned}`;
}

function timesOf(pairs: readonly Pair[]): string {
  return range(pairs.map(({ verdict }) => Math.exp(Math.abs(ratioOf(verdict)?.log ?? 0))));
}

function largestText(found: LargestOnBoth, { subject }: Claim): string {
  switch (found.kind) {
    case "none":
      return "nothing in these files tells: no model is known to fit one GPU and not the other, and none ran on both";
    case "pairs":
      return largestPairsText(found, subject.machine);
    default:
      return found satisfies never;
  }
}

type LargestPairs = Extract<LargestOnBoth, { readonly kind: "pairs" }>;

function largestPairsText({ pairs, winner, size }: LargestPairs, subject: Machine): string {
  const outcome =
    winner === null
      ? "neither is clearly the faster"
      : `${winner.label} generates ${timesOf(pairs)} times as fast`;
  const models = [...new Set(pairs.map(({ model }) => modelName(model)))];
  const shared = `both hold the largest model that both ran, ${listed(models)}, and ${outcome}`;
  const small = whyNotLarge[size];
  if (small !== null) return `not tested, since ${small}: ${shared}`;
  if (winner === null) return `not settled: ${shared}`;
  return `${winner === subject ? "supported" : "not supported"}: ${shared}`;
}

/** Null where the model is large enough to decide. */
const whyNotLarge = {
  large: null,
  small_for_both: "no model here is large for either",
  no_budget_known: "no GPU budget is known",
} as const satisfies Record<LargestPairs["size"], string | null>;
