/** Bars of tokens per second, one figure a test. */
import { groupBy } from "../../base/groupBy.ts";
import type { ReportedCase } from "../../results/caseResult.ts";
import { modelName, neededColumns, settingColumns } from "../columns.ts";
import type { ReportColumn } from "../columns.ts";
import { escapeHtml } from "../escape.ts";
import { plain } from "../format.ts";
import { outcome } from "../outcome.ts";

/** More figures, or more bars in one, are no picture any more; the table has them all. */
const maxFigures = 12;
const maxBars = 40;

/** Settings that tell bars of one model apart: `ub 256`. Those that differ with the model alone are no news. */
function tellingColumns(cases: readonly ReportedCase[]): ReportColumn[] {
  const ofOneModel = [...groupBy(cases, (result) => `${result.machine} ${modelName(result)}`)];
  return neededColumns(settingColumns, cases).filter((column) =>
    ofOneModel.some(([, same]) => new Set(same.map((result) => column.text(result))).size > 1),
  );
}

/** `llama-2-7b q4_0`, with the settings and the machine where others differ in them. */
function labels(cases: readonly ReportedCase[]): (result: ReportedCase) => string {
  const several = new Set(cases.map(({ machine }) => machine)).size > 1;
  const telling = tellingColumns(cases);
  return (result) => {
    const settings = telling
      .filter((column) => column.text(result) !== "")
      .map((column) => `${column.heading} ${column.text(result)}`);
    const machine = several ? [`on ${plain(result.machine)}`] : [];
    return [modelName(result), ...settings, ...machine].join(", ");
  };
}

function percent(share: number): string {
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
}

/** How far a bar reaches: its interval's end, where that isn't far beyond. */
function reach({ avg_ts: mean, ci95_high_ts: high }: ReportedCase): number {
  return Math.min(Math.max(mean ?? 0, high ?? 0), 1.25 * (mean ?? 0));
}

/** The 95% interval over the bar's end. */
function whisker({ ci95_low_ts: low, ci95_high_ts: high }: ReportedCase, scale: number): string {
  if (low === null || high === null) return "";
  const [from, to] = [percent(low / scale), percent(high / scale)];
  return [
    `<line x1="${from}" x2="${to}" y1="6" y2="6"/>`,
    `<line x1="${from}" x2="${from}" y1="2" y2="10"/>`,
    `<line x1="${to}" x2="${to}" y1="2" y2="10"/>`,
  ].join("");
}

function bar(result: ReportedCase, label: string, scale: number): string {
  const { avg_ts: mean } = result;
  const value = escapeHtml(outcome(result));
  const text = mean === null ? `<span class="none">${value}</span>` : `<strong>${value}</strong>`;
  const rect =
    mean === null ? "" : `<rect class="bar" width="${percent(mean / scale)}" height="12" rx="2"/>`;
  const drawing = `<svg aria-hidden="true" width="100%" height="12"><rect class="track" width="100%" height="12" rx="2"/>${rect}${mean === null ? "" : whisker(result, scale)}</svg>`;
  return `<li><span>${escapeHtml(label)}</span>${text}${drawing}</li>`;
}

function figure(test: string, cases: readonly ReportedCase[]): string {
  const shown = cases.slice(0, maxBars);
  const scale = Math.max(...shown.map(reach), Number.MIN_VALUE);
  const label = labels(shown);
  const more =
    cases.length > maxBars ? `<p class="soft">The first ${maxBars} of ${cases.length}.</p>` : "";
  const bars = shown.map((result) => bar(result, label(result), scale)).join("\n");
  return `<figure>\n<figcaption>${escapeHtml(plain(test))}, tokens per second</figcaption>\n<ul class="bars">\n${bars}\n</ul>${more}\n</figure>`;
}

export function charts(cases: readonly ReportedCase[]): string {
  const figures = [...groupBy(cases, ({ test }) => test)]
    .slice(0, maxFigures)
    .map(([test, ofTest]) => figure(test, ofTest));
  return figures.length === 0 ? "" : `<div class="charts">\n${figures.join("\n")}\n</div>`;
}
