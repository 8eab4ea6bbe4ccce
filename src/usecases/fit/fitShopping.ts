/** `fit --min-tg`: which machines are fast enough, by speed, and by price where the user gives prices. */
import { count } from "../../base/count.ts";
import { groupBy } from "../../base/groupBy.ts";
import { modelName } from "../../compare/modelNames.ts";
import type { FitSettings } from "../../fit/memorySettings.ts";
import type { BoxPrice } from "../../predict/boxPrices.ts";
import {
  fastEnough,
  type Candidate,
  type FastEnough,
  type ShoppingList,
} from "../../predict/fastEnough.ts";
import { inColumns, type TextColumn } from "../../base/columns.ts";
import { wrapped } from "../../base/wrap.ts";
import type { FitCell } from "./fitCells.ts";
import { fitJson, fitWords } from "./fitTable.ts";
import { basisWords, decodeErrorWords, rangeWords, speedWords } from "../../ui/predictionWords.ts";
import { priceText } from "../../reporters/compare/words/prices.ts";

export interface ShoppingQuestion {
  /** Tokens per second. */
  readonly minTg: number;
  /** By machine; null where none were given. */
  readonly prices: ReadonlyMap<string, BoxPrice> | null;
  /** Whether the machines were named: each of them is answered for then. */
  readonly named: boolean;
}

interface FitCandidate extends Candidate {
  readonly cell: FitCell;
}

interface Answer {
  readonly candidates: readonly FitCandidate[];
  readonly list: ShoppingList<FitCandidate>;
  /** Of those that the user named or gave a price for; the others are left out without a word. */
  readonly short: readonly FitCandidate[];
}

/** One for each model at each quantization. */
function answers(
  cells: readonly FitCell[],
  { minTg, prices, named }: ShoppingQuestion,
): readonly Answer[] {
  const groups = groupBy(cells, ({ model }) => modelName(model));
  return [...groups.values()].map((group) => {
    const candidates = group.map((cell) => ({
      machine: cell.machine.name,
      predicted: cell.speed,
      cell,
    }));
    const list = fastEnough(candidates, minTg, prices);
    const reaching = new Set(list.bySpeed.map(({ machine }) => machine));
    const short = candidates.filter(
      ({ machine }) => !reaching.has(machine) && (named || prices?.has(machine) === true),
    );
    return { candidates, list, short };
  });
}

/**
 * The contract's rows of those that are fast enough, fastest first, each with what it costs; then of those that were named
 * and aren't, with the reason.
 */
export function shoppingJson(
  cells: readonly FitCell[],
  question: ShoppingQuestion,
  settings: FitSettings,
): object[] {
  const rowOf = (cell: FitCell, sure: boolean, price: BoxPrice | null, reason: string | null) => ({
    ...fitJson(cell, settings),
    sure,
    price,
    reason,
  });
  const { named, prices } = question;
  return answers(cells, question).flatMap(({ list, short }) => {
    const reaching = list.bySpeed.map(({ cell, sure, price }) => rowOf(cell, sure, price, null));
    const others = (named ? short : []).map((one) =>
      rowOf(one.cell, false, prices?.get(one.machine) ?? null, whyShort(one)),
    );
    return reaching.concat(others);
  });
}

/** How the answer is told to people. */
export interface ShoppingForm {
  /** Of a line, in characters. */
  readonly width: number;
  /** Every machine that is fast enough, and not the best of them alone. */
  readonly whole: boolean;
}

/** Nobody chooses among more; who names machines is told of each. */
const mostShown = 10;

export function shoppingText(
  cells: readonly FitCell[],
  question: ShoppingQuestion,
  { width, whole }: ShoppingForm,
): string {
  const most = whole || question.named ? Infinity : mostShown;
  return answers(cells, question)
    .map((answer) => answerText(answer, question, { width, most }))
    .join("\n\n");
}

interface ListForm {
  readonly width: number;
  /** Rows of a table. */
  readonly most: number;
}

function answerText(
  { candidates, list: { bySpeed, byPrice }, short }: Answer,
  { minTg, prices, named }: ShoppingQuestion,
  form: ListForm,
): string {
  const { width } = form;
  const [first] = candidates;
  if (first === undefined) return "";
  const subject = `${modelName(first.cell.model)} at ${minTg} t/s or more (predicted tg128)`;
  const rest = [...shortText(short, named), ...(named ? [] : unknownSpeeds(candidates))];
  const machines = count(candidates.length, "machine");
  if (bySpeed.length === 0) {
    const none = `${subject}: none of ${machines}${named ? "" : best(candidates)}`;
    return wrapped([none, ...rest].join("\n"), width);
  }
  return [
    wrapped(`${subject}: ${bySpeed.length} of ${machines}, fastest first`, width),
    ...listed(bySpeed, prices !== null, form),
    ...(bySpeed.slice(0, form.most).every(({ sure }) => sure)
      ? []
      : [wrapped("perhaps: the prediction reaches it, the low end of its range doesn't", width)]),
    ...(byPrice === null ? [] : cheapest(byPrice, form)),
    ...rest.map((text) => wrapped(text, width)),
  ].join("\n");
}

function cheapest(byPrice: readonly FastEnough<FitCandidate>[], form: ListForm): string[] {
  if (byPrice.length === 0) return ["", "none of them has a price"];
  return ["", "cheapest first, of those with a price:", ...listed(byPrice, true, form)];
}

/** The first of them as a table, the others counted. */
function listed(
  rows: readonly FastEnough<FitCandidate>[],
  withPrices: boolean,
  { width, most }: ListForm,
): string[] {
  const shown = table(rows.slice(0, most), withPrices, width);
  const left = rows.length - most;
  const last = rows.at(-1);
  if (left <= 0 || last === undefined) return [shown];
  const end = `${last.machine} at ${speedWords(last.predicted.tg_ts)} t/s`;
  return [shown, wrapped(`and ${left} more, the last ${end}; --verbose lists them`, width)];
}

/** What the user thought of, and why it isn't in the list. */
function shortText(short: readonly FitCandidate[], named: boolean): string[] {
  if (named) return short.map((candidate) => `${candidate.machine}: ${whyShort(candidate)}`);
  const words = short
    .filter(({ predicted, cell }) => predicted !== null || !cell.verdict.placementFits)
    .map((candidate) => `${candidate.machine} (${whyShort(candidate)})`);
  return words.length === 0 ? [] : [`priced, and not fast enough: ${words.join(", ")}`];
}

function whyShort({ predicted, cell: { verdict } }: FitCandidate): string {
  const fit = fitWords(verdict);
  if (!verdict.placementFits) return fit === "none" ? "does not fit" : fit;
  if (predicted === null) return `holds it (${fit}), at a speed that isn't known`;
  return `predicted ${rangeWords(predicted)} t/s; ${fit}`;
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

const columns: readonly TextColumn[] = [
  { heading: "machine" },
  { heading: "predicted tg128", align: "right" },
  { heading: "range", align: "right" },
  { heading: "" },
  { heading: "predicted from", spare: 1 },
  { heading: "leave-one-out", align: "right", spare: 2 },
  { heading: "fit" },
];
const priceColumns: readonly TextColumn[] = [
  { heading: "price", align: "right" },
  { heading: "as of" },
];

function table(
  rows: readonly FastEnough<FitCandidate>[],
  withPrices: boolean,
  width: number,
): string {
  return inColumns(
    withPrices ? [...columns, ...priceColumns] : columns,
    rows.map(({ machine, predicted, sure, price, cell }) => [
      machine,
      speedWords(predicted.tg_ts),
      rangeWords(predicted),
      sure ? "" : "perhaps",
      cell.machine.speed === null
        ? predicted.basis
        : basisWords(predicted.basis, cell.machine.speed),
      decodeErrorWords(cell.machine.speed),
      fitWords(cell.verdict),
      ...(withPrices && price !== null ? [priceText(price), price.date] : []),
    ]),
    width,
  );
}
