/** A comparison on a terminal: a few lines a model, what to know of the files, and the answer last, where the eye is. */
import { inColumns, type TextColumn } from "../../base/columns.ts";
import { count } from "../../base/count.ts";
import { groupBy } from "../../base/groupBy.ts";
import { wrapped } from "../../base/wrap.ts";
import type { Machine } from "../../compare/machines.ts";
import { plain } from "../format.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import { overviewOf, type OverviewRow } from "./overview.ts";
import { pairsText } from "./pairsText.ts";
import { listed } from "./words/phrases.ts";
import { differenceName } from "./words/settings.ts";

export interface TerminalForm {
  /** Characters of a line; nothing is wider. */
  readonly width: number;
  /** Whether a terminal shows it: its tables are columns there, and Markdown elsewhere. */
  readonly isTerminal: boolean;
  /** Every pair and every sentence, in place of the overview. */
  readonly verbose: boolean;
  /** How the answer stands out. */
  readonly emphasize: (text: string) => string;
}

export function renderTerminal(report: ComparisonReport, form: TerminalForm): string {
  const answer = report.headline.map((line) => wrapped(plain(line), form.width));
  const emphasized = answer.map(form.emphasize).join("\n");
  if (form.verbose) {
    const pairs = pairsText(report, form.isTerminal ? form.width : null);
    return textOf([pairs, notesText(report.notes, Infinity, form.width), emphasized]);
  }
  const { pairs, machines } = report.comparison;
  const overview = overviewOf(pairs, machines).filter(isTold);
  let text = "";
  for (const share of shares) {
    text = textOf([
      shortText(report, overview, share.rows, form.width),
      notesText(report.notes, share.notes, form.width),
      emphasized,
    ]);
    if (text.trimEnd().split("\n").length <= mostLines) break;
  }
  return text;
}

function textOf(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What a screen or two hold; --verbose shows all. */
const mostLines = 40;

/**
 * How many rows and notes stand above the answer: of rows the largest models', since memory decides about those, and files
 * that are read in part say so row by row. Fewer where the lines don't suffice.
 */
const shares = [
  { rows: 12, notes: 6 },
  { rows: 8, notes: 4 },
  { rows: 6, notes: 3 },
  { rows: 4, notes: 2 },
  { rows: 2, notes: 1 },
  { rows: 2, notes: 0 },
  { rows: 0, notes: 0 },
] as const;

function notesText(notes: readonly string[], most: number, width: number): string {
  const shown = notes.slice(0, most);
  const left = notes.length - shown.length;
  const more = left > 0 ? [`${count(left, "more note")}: --verbose shows all.`] : [];
  return [...shown, ...more].map((note) => wrapped(plain(note), width)).join("\n");
}

/** @param most rows; models beyond are counted */
function shortText(
  report: ComparisonReport,
  rows: readonly OverviewRow[],
  most: number,
  width: number,
): string {
  const { comparison, summary, precisions, answerTimes } = report;
  const { pairs, machines } = comparison;
  if (pairs.length === 0) return summary.map((line) => wrapped(plain(line), width)).join("\n");
  const ofModels = rows.filter(({ ofMachine }) => !ofMachine);
  const largest = ofModels.slice(Math.max(0, ofModels.length - most));
  const ofMachines = rows.filter(({ ofMachine }) => ofMachine).slice(0, 2 * most);
  const hidden =
    new Set(ofModels.map(({ model }) => model)).size -
    new Set(largest.map(({ model }) => model)).size;
  return [
    rows.length === 0 ? wrapped("None of the cases that are paired was measured.", width) : "",
    ...[ofMachines, largest].map((some) => rowsText(some, machines, width)),
    precisions.map((sentence) => wrapped(plain(sentence), width)).join("\n"),
    answerTimes.map((sentence) => wrapped(plain(sentence), width)).join("\n"),
    wrapped(asideText(report, hidden, largest), width),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function rowsText(
  rows: readonly OverviewRow[],
  machines: readonly Machine[],
  width: number,
): string {
  if (rows.length === 0) return "";
  const table = tableText(rows, machines);
  return widest(table) <= width ? table : cut(listText(rows), width);
}

/** The end of a line that is too wide even so. */
function cut(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join("\n");
}

/** A model that none of them runs has a word in the answer, and no numbers. */
function isTold({ cells }: OverviewRow): boolean {
  return cells.some(({ measured }) => measured);
}

function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => line.length));
}

function headings(texts: readonly string[]): TextColumn[] {
  return texts.map((heading) => ({ heading }));
}

/** A column a machine; of the machines alone its name stands for the tests, too. */
function tableText(rows: readonly OverviewRow[], machines: readonly Machine[]): string {
  const two = machines.length === 2;
  const ofModels = rows.some(({ ofMachine }) => !ofMachine);
  const units = [...new Set(rows.map(({ unit }) => unit))];
  const tests = units.length === 1 ? `tests, in ${units[0]}` : "tests";
  const header = [
    ...(ofModels ? ["model", tests] : [rows[0]?.model ?? ""]),
    ...machines.map(({ label }) => plain(label)),
    ...(two ? ["ratio"] : []),
  ];
  const lines = rows.map(({ model, tests: own, unit, cells }, i) => [
    ...(ofModels ? [rows[i - 1]?.model === model ? "" : model] : []),
    units.length === 1 ? own : `${own}, ${unit}`,
    ...cells.map(({ text }) => text),
    ...(two ? [cells[1]?.ratio ?? ""] : []),
  ]);
  return inColumns(headings(header), lines);
}

/** A table for each model, where one of all would be too wide: a line a machine. */
function listText(rows: readonly OverviewRow[]): string {
  return [...groupBy(rows, ({ model }) => model)]
    .map(([model, own]) => {
      const machines = own[0]?.cells ?? [];
      const header = [
        model,
        ...own.map(({ tests, unit }) => [tests, unit].filter(Boolean).join(", ")),
      ];
      const lines = machines.map(({ machine }, i) =>
        [`  ${plain(machine.label)}`].concat(own.map(({ cells }) => cells[i]?.text ?? "")),
      );
      return inColumns(headings(header), lines);
    })
    .join("\n");
}

/** What the overview leaves out, in a line or two. */
function asideText(
  { comparison: { pairs, unpaired, unknown } }: ComparisonReport,
  hidden: number,
  shown: readonly OverviewRow[],
): string {
  const settings = [
    ...new Set(pairs.flatMap(({ differences }) => differences.map(differenceName))),
  ];
  const left = [...unpaired, ...unknown].reduce((sum, { cases }) => sum + cases.length, 0);
  const further = new Set(
    pairs.flatMap(({ besides: { baseline, other } }) => [...baseline, ...other]),
  ).size;
  const uncommon = shown.reduce((sum, { leftOut }) => sum + leftOut, 0);
  return [
    uncommon > 0 ? `Spans are of tests that all ran; ${count(uncommon, "other")} not shown.` : "",
    hidden > 0 ? `${count(hidden, shown.length === 0 ? "model" : "smaller model")} not shown.` : "",
    settings.length > 0 ? `The sides differ in ${listed(settings, 8)}.` : "",
    further > 0 ? `${count(further, "further case")} of the same tests not compared.` : "",
    left > 0 ? `${count(left, "case")} without a counterpart left out.` : "",
    pairs.length === 1
      ? "--verbose shows the pair with its interval."
      : `--verbose shows all ${pairs.length} pairs, each with its interval.`,
  ]
    .filter((text) => text !== "")
    .join(" ");
}
