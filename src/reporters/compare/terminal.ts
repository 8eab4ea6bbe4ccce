/** A comparison on a terminal: a few lines a model, what to know of the files, and the answer last, where the eye is. */
import { count } from "../../base/count.ts";
import wrapAnsi from "wrap-ansi";
import { inColumns } from "../../base/columns.ts";
import { groupBy } from "../../base/groupBy.ts";
import type { Machine } from "../../compare/machines.ts";
import { plain } from "../format.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import { overviewOf, type OverviewRow } from "./overview.ts";
import { pairsText } from "./pairsText.ts";
import { listed } from "./words/phrases.ts";
import { differenceName } from "./words/settings.ts";

export interface TerminalForm {
  /** Characters of a line; nothing is wider, unless it is one word. */
  readonly width: number;
  /** Every pair and every sentence, in place of the overview. */
  readonly verbose: boolean;
  /** How the answer stands out. */
  readonly emphasize: (text: string) => string;
}

export function renderTerminal(report: ComparisonReport, form: TerminalForm): string {
  const { headline, notes } = report;
  const parts = [
    form.verbose ? pairsText(report) : shortText(report, form.width),
    notesText(notes, form),
    headline.map((line) => form.emphasize(wrap(plain(line), form.width))).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function wrap(text: string, width: number): string {
  return wrapAnsi(text, width, { hard: true });
}

/** Files that are read in part say so row by row: more than these nobody reads in passing. */
const mostNotes = 6;

function notesText(notes: readonly string[], { width, verbose }: TerminalForm): string {
  const shown = verbose ? notes : notes.slice(0, mostNotes);
  const left = notes.length - shown.length;
  const more = left > 0 ? [`${count(left, "more note")}: --verbose shows all.`] : [];
  return [...shown, ...more].map((note) => wrap(plain(note), width)).join("\n");
}

/** Models beyond it are counted; the larger ones are shown, since memory decides about those. */
const mostRows = 12;

function shortText(report: ComparisonReport, width: number): string {
  const { comparison, summary, answerTimes } = report;
  const { pairs, machines } = comparison;
  if (pairs.length === 0) return summary.map((line) => wrap(plain(line), width)).join("\n");
  const rows = overviewOf(pairs, machines).filter(isTold);
  const shown = rows.slice(-mostRows);
  const hidden =
    new Set(rows.map(({ model }) => model)).size - new Set(shown.map(({ model }) => model)).size;
  const table = tableText(shown, machines);
  return [
    shown.length === 0
      ? wrap("None of the cases that are paired was measured.", width)
      : widest(table) <= width
        ? table
        : cut(listText(shown), width),
    answerTimes.map((sentence) => wrap(plain(sentence), width)).join("\n"),
    wrap(asideText(report, hidden), width),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
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

/** A column a machine. */
function tableText(rows: readonly OverviewRow[], machines: readonly Machine[]): string {
  const two = machines.length === 2;
  const header = [
    "model",
    "tests",
    ...machines.map(({ label }) => plain(label)),
    ...(two ? ["ratio"] : []),
  ];
  const lines = rows.map(({ model, tests, cells }, i) => [
    rows[i - 1]?.model === model ? "" : model,
    tests,
    ...cells.map(({ text }) => text),
    ...(two ? [cells[1]?.ratio ?? ""] : []),
  ]);
  return inColumns(header, lines);
}

/** A table for each model, where one of all would be too wide: a line a machine. */
function listText(rows: readonly OverviewRow[]): string {
  return [...groupBy(rows, ({ model }) => model)]
    .map(([model, own]) => {
      const machines = own[0]?.cells ?? [];
      const header = [model, ...own.map(({ tests, unit }) => `${tests}, ${unit}`)];
      const lines = machines.map(({ machine }, i) =>
        [`  ${plain(machine.label)}`].concat(own.map(({ cells }) => cells[i]?.text ?? "")),
      );
      return inColumns(header, lines);
    })
    .join("\n");
}

/** What the overview leaves out, in a line or two. */
function asideText(
  { comparison: { pairs, unpaired, unknown } }: ComparisonReport,
  hidden: number,
): string {
  const settings = [
    ...new Set(pairs.flatMap(({ differences }) => differences.map(differenceName))),
  ];
  const left = [...unpaired, ...unknown].reduce((sum, { cases }) => sum + cases.length, 0);
  return [
    hidden > 0 ? `${count(hidden, "smaller model")} not shown.` : "",
    settings.length > 0 ? `The sides differ in ${listed(settings, 8)}.` : "",
    left > 0 ? `${count(left, "case")} without a counterpart left out.` : "",
    pairs.length === 1
      ? "--verbose shows the pair with its interval."
      : `--verbose shows all ${pairs.length} pairs, each with its interval.`,
  ]
    .filter((text) => text !== "")
    .join(" ");
}
