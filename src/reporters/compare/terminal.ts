/** A comparison on a terminal: the words, the pairs, and bars of the typical tests. */
import { markdownTable } from "markdown-table";
import { groupBy } from "../../base/groupBy.ts";
import type { Pair } from "../../compare/comparison.ts";
import { threeDigits } from "../../compare/phrases.ts";
import type { Side } from "../../compare/verdict.ts";
import { typicalTests } from "../../compare/typicalTests.ts";
import { modelName } from "../../compare/work.ts";
import { plain } from "../format.ts";
import { whyNoBar } from "./figures/speed.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import { pairColumns } from "./pairColumns.ts";
import type { PairColumn } from "./pairColumns.ts";

/** More rows nobody reads on a terminal; `--csv` has all. */
const mostRows = 200;
const mostBars = 40;
const barWidth = 30;

export function renderTerminal({ comparison, summary, notes }: ComparisonReport): string {
  const { pairs } = comparison;
  const shown = pairs.slice(0, mostRows);
  const left = pairs.length - shown.length;
  const parts = [
    pairs.length === 0 ? "No case stands in both files." : tableOf(shown, pairColumns(comparison)),
    left > 0 ? `${left} more pairs: --csv FILE writes all.` : "",
    ...typicalTests(pairs).map(({ test, pairs: own }) => bars(test, own)),
    summary.map((sentence) => `- ${plain(sentence)}`).join("\n"),
    notes.map(plain).join("\n"),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
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

function bars(test: string, pairs: readonly Pair[]): string {
  const shown = pairs.slice(0, mostBars);
  const groups = groupBy(shown, ({ model, quantization }) => modelName(model, quantization));
  const speeds = shown.flatMap(({ sides }) => sides.map(speedOf));
  const scale = Math.max(...speeds, Number.MIN_VALUE);
  const width = Math.max(
    ...shown.flatMap(({ machines }) => machines.map(({ label }) => label.length)),
  );
  const lines = [...groups].flatMap(([name, own]) => {
    const baseline = own.slice(0, 1).map((pair) => barLine(pair, 0, scale, width));
    return [plain(name)].concat(
      baseline,
      own.map((pair) => barLine(pair, 1, scale, width)),
    );
  });
  return [`${plain(test)}, tokens per second`, ...lines].join("\n");
}

function barLine(pair: Pair, at: 0 | 1, scale: number, width: number): string {
  const speed = speedOf(pair.sides[at]);
  const machine = pair.machines[at];
  const value =
    speed > 0 ? `${bar(speed, scale)} ${threeDigits(speed)}` : whyNoBar(pair.sides[at], machine);
  return `  ${plain(machine.label).padEnd(width)}  ${plain(value)}`;
}

function speedOf({ speed, row }: Side): number {
  return speed === null ? 0 : (row.avg_ts ?? 0);
}
