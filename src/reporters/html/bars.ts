/** Bars of what was measured, one figure a test. */
import { groupBy } from "../../base/groupBy.ts";
import { unitInFull } from "../../bench/metrics.ts";
import { isMeasured, type CaseRecord } from "../../bench/record.ts";
import type { Summary } from "../../bench/summary.ts";
import { testName } from "../../bench/workload.ts";
import { modelName } from "../caseName.ts";
import { neededColumns } from "../columns/columns.ts";
import { settingColumns } from "../columns/settings.ts";
import type { ReportColumn } from "../columns/column.ts";
import { escapeHtml } from "../escape.ts";
import { plain } from "../format.ts";
import { outcome } from "../outcome.ts";

/** More figures, or more bars in one, are no picture any more; the table has them all. */
const maxFigures = 12;
const maxBars = 40;

/** Settings that tell bars of one model apart: `ub 256`. Those that differ with the model alone are no news. */
function tellingColumns(cases: readonly CaseRecord[]): ReportColumn[] {
  const ofOneModel = [...groupBy(cases, (one) => `${one.machine.name} ${subjectName(one)}`)];
  return neededColumns(settingColumns, cases).filter((column) =>
    ofOneModel.some(([, same]) => new Set(same.map((record) => column.text(record))).size > 1),
  );
}

/** `llama-2-7b q4_0`; of the machine alone the type, where a test has one. */
function subjectName(record: CaseRecord): string {
  const { workload } = record;
  return workload.kind === "read" || workload.kind === "matmul" ? workload.type : modelName(record);
}

/** `llama-2-7b q4_0`, with the settings and the machine where others differ in them. */
function labels(cases: readonly CaseRecord[]): (record: CaseRecord) => string {
  const several = new Set(cases.map(({ machine }) => machine.name)).size > 1;
  const engines = new Set(cases.map(({ engine }) => engine.name)).size > 1;
  const telling = tellingColumns(cases);
  return (record) => {
    const settings = telling
      .filter((column) => column.text(record) !== "")
      .map((column) => `${column.heading} ${column.text(record)}`);
    const engine = engines ? [plain(record.engine.name ?? "")] : [];
    const machine = several ? [`on ${plain(record.machine.name)}`] : [];
    return [subjectName(record), ...engine, ...settings, ...machine].filter(Boolean).join(", ");
  };
}

function percent(share: number): string {
  return `${(100 * Math.min(1, Math.max(0, share))).toFixed(2)}%`;
}

/** How far a bar reaches: its interval's end, where that isn't far beyond. */
function reach({ mean, ci95 }: Summary): number {
  return Math.min(Math.max(mean, ci95?.high ?? 0), 1.25 * mean);
}

/** The 95% interval over the bar's end. */
function whisker({ ci95 }: Summary, scale: number): string {
  if (ci95 === null) return "";
  const [from, to] = [percent(ci95.low / scale), percent(ci95.high / scale)];
  return [
    `<line x1="${from}" x2="${to}" y1="6" y2="6"/>`,
    `<line x1="${from}" x2="${from}" y1="2" y2="10"/>`,
    `<line x1="${to}" x2="${to}" y1="2" y2="10"/>`,
  ].join("");
}

function bar(record: CaseRecord, label: string, scale: number): string {
  const value = escapeHtml(outcome(record));
  const [text, length] = isMeasured(record)
    ? [`<strong>${value}</strong>`, measuredLength(record.summary, scale)]
    : [`<span class="none">${value}</span>`, ""];
  const drawing = `<svg aria-hidden="true" width="100%" height="12"><rect class="track" width="100%" height="12" rx="2"/>${length}</svg>`;
  return `<li><span>${escapeHtml(label)}</span>${text}${drawing}</li>`;
}

function measuredLength(summary: Summary, scale: number): string {
  const rect = `<rect class="bar" width="${percent(summary.mean / scale)}" height="12" rx="2"/>`;
  return `${rect}${whisker(summary, scale)}`;
}

function figure(test: string, cases: readonly CaseRecord[]): string {
  const shown = cases.slice(0, maxBars);
  const reached = shown.filter(isMeasured).map(({ summary }) => reach(summary));
  const scale = Math.max(...reached, Number.MIN_VALUE);
  const label = labels(shown);
  const [first] = cases;
  const unit = first === undefined ? "" : plain(unitInFull(first.workload));
  const more =
    cases.length > maxBars ? `<p class="soft">The first ${maxBars} of ${cases.length}.</p>` : "";
  const bars = shown.map((record) => bar(record, label(record), scale)).join("\n");
  return `<figure>\n<figcaption>${escapeHtml(plain(test))}, ${escapeHtml(unit)}</figcaption>\n<ul class="bars">\n${bars}\n</ul>${more}\n</figure>`;
}

/** Of the machine alone types are what is compared: one figure for reading, and one for each size of products. */
function figureName({ workload }: CaseRecord): string {
  if (workload.kind === "read") return "read";
  return workload.kind === "matmul" ? `matmul${workload.size}` : testName(workload);
}

export function charts(cases: readonly CaseRecord[]): string {
  const figures = [...groupBy(cases, figureName)]
    .slice(0, maxFigures)
    .map(([test, ofTest]) => figure(test, ofTest));
  return figures.length === 0 ? "" : `<div class="charts">\n${figures.join("\n")}\n</div>`;
}
