/** A comparison as Markdown, with its pictures as files beside it. */
import type { Machine } from "../../compare/machines.ts";
import { escapeMarkdown, fenced } from "../escape.ts";
import { plain } from "../format.ts";
import { originWords } from "../originWords.ts";
import type { ComparisonReport } from "./comparisonReport.ts";
import type { DrawnFigure } from "./figures/figures.ts";
import { pairColumns } from "./pairColumns.ts";
import { tableOf } from "./pairsText.ts";
import { standalone } from "./drawing/theme.ts";
import { tracesOf, type Trace } from "./trace.ts";
import { gib, listed } from "./words/phrases.ts";

export interface MarkdownFiles {
  readonly text: string;
  /** The pictures by the names of their files, which stand beside the text. */
  readonly pictures: ReadonlyMap<string, string>;
}

/** More rows than this Markdown viewers choke on; the CSV has all. */
const mostRows = 1000;

/** @param stem of the pictures' names: `comparison` gives `comparison-speed.svg`. */
export function renderMarkdown(
  report: ComparisonReport,
  figures: readonly DrawnFigure[],
  stem: string,
): MarkdownFiles {
  const { comparison, headline, summary, notes } = report;
  const { machines, pairs } = comparison;
  const title = listed(
    machines.map(({ label }) => label),
    machines.length,
  );
  const pictures = new Map(figures.map(({ id, svg }) => [`${stem}-${id}.svg`, standalone(svg)]));
  const shown = pairs.slice(0, mostRows);
  const sections = [
    `# ${escapeMarkdown(plain(title))}, compared`,
    ...headline.map((line) => escapeMarkdown(plain(line))),
    list(summary),
    "## Pairs",
    pairs.length === 0
      ? "No case stands in both files."
      : tableOf(shown, pairColumns(comparison), escapeMarkdown),
    pairs.length > shown.length ? `The first ${shown.length} of ${pairs.length}.` : "",
    ...(figures.length > 0
      ? ["## Pictures", ...figures.map((figure) => picture(figure, stem))]
      : []),
    "## Machines",
    list(machines.map(machineText)),
    ...(shown.length > 0 ? [folded(repeatsTitle, repeats(report))] : []),
    list(notes),
  ];
  return { text: `${sections.filter((text) => text !== "").join("\n\n")}\n`, pictures };
}

const repeatsTitle = "What each verdict rests on, and how to repeat each row";

/** GitHub shows the title, and the rest on a press. */
function folded(title: string, text: string): string {
  return `<details>\n<summary>${title}</summary>\n\n${text}\n\n</details>`;
}

function list(texts: readonly string[]): string {
  return texts.map((text) => `- ${escapeMarkdown(plain(text))}`).join("\n");
}

function picture({ id, title }: DrawnFigure, stem: string): string {
  return `![${escapeMarkdown(title)}](${encodeURIComponent(`${stem}-${id}.svg`)})\n\n${escapeMarkdown(title)}`;
}

export function machineText(machine: Machine): string {
  const { label, file, gpu, cpu, ramBytes, gpuBudgetBytes, cases } = machine;
  const facts = [
    gpu ?? cpu,
    ramBytes === null ? null : `${gib(ramBytes)} of RAM`,
    gpuBudgetBytes === null ? null : `GPU budget ${gib(gpuBudgetBytes)}`,
    `from ${file}`,
    originWords(cases),
  ];
  return `${label}: ${facts.filter((fact) => fact !== null).join(", ")}`;
}

function repeats({ comparison }: ComparisonReport): string {
  return fenced(tracesOf(comparison.pairs.slice(0, mostRows)).flatMap(traceLines), "sh");
}

function traceLines({ heading, verdicts, origins, commands, llamaBench }: Trace): string[] {
  const told = commands.map(({ text, machines }) =>
    machines.length === 0 ? text : `${text}  # ${machines.join(", ")}`,
  );
  return [
    `# ${heading}`,
    ...verdicts.map(({ basis }) => `# ${basis}`),
    ...origins.map((origin) => `# ${origin}`),
    ...told,
    ...llamaBench,
    "",
  ];
}
