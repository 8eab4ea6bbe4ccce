/** `fit --min-tg`: which machines are fast enough, by speed, and by price where the user gives prices. */
import { groupBy } from "../../base/groupBy.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import type { BoxPrice } from "../../predict/boxPrices.ts";
import {
  fastEnough,
  type Candidate,
  type FastEnough,
  type ShoppingList,
} from "../../predict/fastEnough.ts";
import { inColumns, type Alignment } from "../../base/columns.ts";
import type { FitCell } from "./fitCells.ts";
import { fitJson, fitWords } from "./fitTable.ts";
import { decodeErrorWords, rangeWords, speedWords } from "../../ui/predictionWords.ts";

export interface ShoppingQuestion {
  /** Tokens per second. */
  readonly minTg: number;
  /** By machine; null where none were given. */
  readonly prices: ReadonlyMap<string, BoxPrice> | null;
}

interface FitCandidate extends Candidate {
  readonly cell: FitCell;
}

/** One list for each model at each quantization. */
function lists(
  cells: readonly FitCell[],
  { minTg, prices }: ShoppingQuestion,
): { readonly candidates: readonly FitCandidate[]; readonly list: ShoppingList<FitCandidate> }[] {
  const groups = groupBy(cells, ({ model }) => subjectOf(model));
  return [...groups.values()].map((group) => {
    const candidates = group.map((cell) => ({
      machine: cell.machine.name,
      predicted: cell.speed,
      cell,
    }));
    return { candidates, list: fastEnough(candidates, minTg, prices) };
  });
}

/** The contract's rows of those that are fast enough, fastest first, each with what it costs. */
export function shoppingJson(
  cells: readonly FitCell[],
  question: ShoppingQuestion,
  settings: FitSettings,
): object[] {
  return lists(cells, question).flatMap(({ list }) =>
    list.bySpeed.map(({ cell, sure, price }) => ({ ...fitJson(cell, settings), sure, price })),
  );
}

export function shoppingText(cells: readonly FitCell[], question: ShoppingQuestion): string {
  return lists(cells, question)
    .map(({ candidates, list }) => listText(candidates, list, question))
    .join("\n\n");
}

function listText(
  candidates: readonly FitCandidate[],
  { bySpeed, byPrice }: ShoppingList<FitCandidate>,
  { minTg, prices }: ShoppingQuestion,
): string {
  const [first] = candidates;
  if (first === undefined) return "";
  const subject = `${subjectOf(first.cell.model)} at ${minTg} t/s or more (predicted tg128)`;
  if (bySpeed.length === 0) {
    const none = `${subject}: none of ${candidates.length} machines${best(candidates)}`;
    return [none, ...unknownSpeeds(candidates)].join("\n");
  }
  const speedTable = table(bySpeed, prices !== null);
  const count = `${bySpeed.length} of ${candidates.length} machines`;
  return [
    `${subject}: ${count}, fastest first`,
    speedTable,
    ...(bySpeed.every(({ sure }) => sure)
      ? []
      : ["perhaps: the prediction reaches it, the low end of its range doesn't"]),
    ...(byPrice === null ? [] : cheapest(byPrice)),
    ...tooSlow(candidates, bySpeed, prices),
    ...unknownSpeeds(candidates),
  ].join("\n");
}

function cheapest(byPrice: readonly FastEnough<FitCandidate>[]): string[] {
  if (byPrice.length === 0) return ["", "none of them has a price"];
  return ["", "cheapest first, of those with a price:", table(byPrice, true)];
}

/** What the user thought of buying, and why it isn't in the list. */
function tooSlow(
  candidates: readonly FitCandidate[],
  reaching: readonly FitCandidate[],
  prices: ShoppingQuestion["prices"],
): string[] {
  const listed = new Set(reaching.map(({ machine }) => machine));
  const left = candidates.filter(({ machine }) => prices?.has(machine) && !listed.has(machine));
  const words = left.flatMap(({ machine, predicted, cell }) => {
    if (!cell.verdict.placementFits) return `${machine} (does not fit)`;
    return predicted === null ? [] : `${machine} (predicted ${rangeWords(predicted)} t/s)`;
  });
  return words.length === 0 ? [] : [`priced, and not fast enough: ${words.join(", ")}`];
}

/** This machine before its first run, or one of the user's own without a bandwidth. */
function unknownSpeeds(candidates: readonly FitCandidate[]): string[] {
  const names = candidates.flatMap(({ machine, predicted, cell: { verdict } }) =>
    predicted === null && verdict.placementFits ? machine : [],
  );
  return names.length === 0 ? [] : [`holds it, at a speed that isn't known: ${names.join(", ")}`];
}

function best(candidates: readonly FitCandidate[]): string {
  const [fastest] = fastEnough(candidates, 0).bySpeed;
  if (fastest === undefined) return ", and it runs on none";
  return `; the fastest is ${fastest.machine}, predicted ${rangeWords(fastest.predicted)} t/s`;
}

const header = ["machine", "predicted tg128", "range", "", "basis", "leave-one-out", "fit"];
const alignments: readonly Alignment[] = [
  "left",
  "right",
  "right",
  "left",
  "left",
  "right",
  "left",
  "right",
];

function table(rows: readonly FastEnough<FitCandidate>[], withPrices: boolean): string {
  return inColumns(
    withPrices ? [...header, "price", "as of"] : header,
    rows.map(({ machine, predicted, sure, price, cell }) => [
      machine,
      speedWords(predicted.tg_ts),
      rangeWords(predicted),
      sure ? "" : "perhaps",
      predicted.basis,
      decodeErrorWords(cell.machine.speed),
      fitWords(cell.verdict),
      ...(withPrices && price !== null
        ? [`${price.amount.toLocaleString("en-US")} ${price.currency}`, price.date]
        : []),
    ]),
    alignments,
  );
}

function subjectOf({ id, quantization }: FitCell["model"]): string {
  return `${id} ${quantization ?? ""}`.trimEnd();
}
