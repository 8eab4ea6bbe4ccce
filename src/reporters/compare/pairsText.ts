/** All of a comparison as text: a table of every pair, bars of the typical tests, and every sentence. */
import { markdownTable } from "markdown-table";
import { metrics, units } from "../../bench/metrics.ts";
import { comparedMachines, type Pair } from "../../compare/comparison.ts";
import type { Machine } from "../../compare/machines.ts";
import { typicalTests, type TypicalTest } from "../../compare/typicalTests.ts";
import { plain } from "../format.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import { measuredValue } from "./contract.ts";
import { pairColumns, type PairColumn } from "./pairColumns.ts";
import { slotsOf, type Slot } from "./slots.ts";
import { whyEmpty } from "./whyNoBar.ts";
import { threeDigits } from "./words/phrases.ts";
import { spreadNotes } from "./words/spreadNotes.ts";

/** More rows nobody reads on a terminal; `--csv` has all. */
const mostRows = 200;
const mostBars = 80;
const barWidth = 30;

export function pairsText({ comparison, summary }: ComparisonReport): string {
  const { pairs } = comparison;
  const shown = pairs.slice(0, mostRows);
  const left = pairs.length - shown.length;
  const machines = comparedMachines(comparison);
  const parts = [
    pairs.length === 0 ? "No case stands in both files." : tableOf(shown, pairColumns(comparison)),
    left > 0 ? `${left} more pairs: --csv FILE writes all.` : "",
    spreadNotes(pairs).join("\n"),
    ...typicalTests(pairs).map((typical) => bars(typical, machines)),
    summary.map((sentence) => `- ${plain(sentence)}`).join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
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

function bar(value: number, scale: number): string {
  const cells = Math.round((value / scale) * barWidth * 8);
  return "█".repeat(Math.floor(cells / 8)) + (eighths[cells % 8] ?? "");
}

function bars({ test, metric, pairs }: TypicalTest, machines: readonly Machine[]): string {
  const groups = [...slotsOf(pairs, machines)].slice(0, Math.ceil(mostBars / machines.length));
  const values = groups.flatMap(([, slots]) => slots.map(valueOf));
  const scale = Math.max(...values, Number.MIN_VALUE);
  const width = Math.max(...machines.map(({ label }) => label.length));
  const lines = groups.flatMap(([name, slots]) =>
    [plain(name)].concat(slots.map((slot) => barLine(slot, scale, width))),
  );
  return [`${plain(test)}, ${units[metrics[metric].unit]}`, ...lines].join("\n");
}

function barLine(slot: Slot, scale: number, width: number): string {
  const value = valueOf(slot);
  const text = value > 0 ? `${bar(value, scale)} ${threeDigits(value)}` : whyEmpty(slot);
  return `  ${plain(slot.machine.label).padEnd(width)}  ${plain(text)}`;
}

/** 0 where there is none. */
function valueOf({ pair, side }: Slot): number {
  return side === null ? 0 : (measuredValue(pair[side])?.value ?? 0);
}
