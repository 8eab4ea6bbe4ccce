/** All of a comparison as text: a table of every pair, bars of the typical tests, and every sentence. */
import { markdownTable } from "markdown-table";
import { inColumns } from "../../base/columns.ts";
import { wrapped } from "../../base/wrap.ts";
import { metrics, units } from "../../bench/metrics.ts";
import { comparedMachines, type Pair } from "../../compare/comparison.ts";
import type { Machine } from "../../compare/machines.ts";
import { typicalTests, type TypicalTest } from "../../compare/typicalTests.ts";
import { plain, threeDigits } from "../format.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import { measuredValue } from "./contract.ts";
import { pairColumns, type PairColumn } from "./pairColumns.ts";
import { slotsOf, type Slot } from "./slots.ts";
import { whyEmpty } from "./whyNoBar.ts";
import { spreadNotes } from "./words/spreadNotes.ts";

/** More rows nobody reads on a terminal; `--csv` has all. */
const mostRows = 200;
const mostBars = 80;
const widestBar = 30;
const shortestBar = 8;

/** @param width of the terminal's lines, in characters; null where no terminal shows them: the table is Markdown then */
export function pairsText(
  { comparison, summary }: ComparisonReport,
  width: number | null = null,
): string {
  const { pairs } = comparison;
  const shown = pairs.slice(0, mostRows);
  const left = pairs.length - shown.length;
  const machines = comparedMachines(comparison);
  const parts = [
    pairs.length === 0
      ? "No case stands in both files."
      : shownPairs(shown, pairColumns(comparison), width),
    left > 0 ? `${left} more pairs: --csv FILE writes all.` : "",
    wrapped(spreadNotes(pairs).join("\n"), width ?? Infinity),
    ...typicalTests(pairs).map((typical) => bars(typical, machines, width ?? Infinity)),
    wrapped(summary.map((sentence) => `- ${plain(sentence)}`).join("\n"), width ?? Infinity),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function shownPairs(
  pairs: readonly Pair[],
  columns: readonly PairColumn[],
  width: number | null,
): string {
  if (width === null) return tableOf(pairs, columns);
  const rows = pairs.map((pair) => columns.map((column) => column.text(pair)));
  return inColumns(columns, rows, width);
}

/** @param escape of a cell, where the table is read by more than eyes. */
export function tableOf(
  pairs: readonly Pair[],
  columns: readonly PairColumn[],
  escape: (text: string) => string = (text) => text.replaceAll("|", "¦"),
): string {
  const rows = pairs.map((pair) => columns.map((column) => escape(column.text(pair))));
  return markdownTable([columns.map(({ heading }) => escape(heading)), ...rows], {
    align: columns.map(({ align }) => align),
  });
}

/** Eighths of a character cell, for bars finer than a cell. */
const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

function bar(value: number, scale: number, widest: number): string {
  const cells = Math.round((value / scale) * widest * 8);
  return "█".repeat(Math.floor(cells / 8)) + (eighths[cells % 8] ?? "");
}

function bars(
  { test, metric, pairs }: TypicalTest,
  machines: readonly Machine[],
  lineWidth: number,
): string {
  const groups = [...slotsOf(pairs, machines)].slice(0, Math.ceil(mostBars / machines.length));
  const values = groups.flatMap(([, slots]) => slots.map(valueOf));
  const scale = Math.max(...values, Number.MIN_VALUE);
  const width = Math.max(...machines.map(({ label }) => label.length));
  // Two blanks before the label, two and a value behind it.
  const room = lineWidth - width - "    12345".length - 1;
  const widest = Math.max(shortestBar, Math.min(widestBar, room));
  const lines = groups.flatMap(([name, slots]) =>
    [plain(name)].concat(
      slots.map((slot) => wrapped(barLine(slot, scale, { width, widest }), lineWidth)),
    ),
  );
  return [`${plain(test)}, ${units[metrics[metric].unit]}`, ...lines].join("\n");
}

function barLine(
  slot: Slot,
  scale: number,
  { width, widest }: { readonly width: number; readonly widest: number },
): string {
  const value = valueOf(slot);
  const text = value > 0 ? `${bar(value, scale, widest)} ${threeDigits(value)}` : whyEmpty(slot);
  return `  ${plain(slot.machine.label).padEnd(width)}  ${plain(text)}`;
}

/** 0 where there is none. */
function valueOf({ pair, side }: Slot): number {
  return side === null ? 0 : (measuredValue(pair[side])?.value ?? 0);
}
