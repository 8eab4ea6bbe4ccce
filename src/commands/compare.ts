import { optimizeLate } from "../base/v8Flags.ts";
import { dirname, join, parse } from "node:path";
import { printable } from "../base/printable.ts";
import { customMix, mixes, type NamedMix } from "../compare/answers/mixes.ts";
import type { Comparison } from "../compare/comparison.ts";
import { LlmbenchError } from "../errors.ts";
import type { Given } from "../flags/flagTable.ts";
import { loadMachines } from "../machine/machineCatalogue.ts";
import { trainedTokens } from "../models/trainedTokens.ts";
import { readBoxPrices } from "../predict/boxPrices.ts";
import { comparisonReport, type ComparisonReport } from "../reporters/compare/comparisonReport.ts";
import { renderCsv } from "../reporters/compare/csv.ts";
import { drawFigures } from "../reporters/compare/figures/figures.ts";
import { renderHtml } from "../reporters/compare/html.ts";
import { renderJson } from "../reporters/compare/json.ts";
import { renderMarkdown } from "../reporters/compare/markdown.ts";
import { renderTerminal, type TerminalForm } from "../reporters/compare/terminal.ts";
import type { Prices } from "../reporters/compare/words/prices.ts";
import { allowed } from "../reporters/compare/words/settings.ts";
import { writeResultFile } from "../results/writeFile.ts";
import { compareFiles } from "../usecases/compareFiles.ts";
import { predictMachine } from "../usecases/predictMachine.ts";
import { emphasize, terminalWidth } from "../ui/terminal.ts";
import { defineCommand } from "./command.ts";
import { compareFlags } from "./compareFlags.ts";

export const compare = defineCommand({
  help: "Compare machines, by result files or by name: who wins what, by how much, how sure that is",
  flags: compareFlags,
  positionals: {
    name: "FILE|MACHINE",
    help: "run folders, results.csv or .jsonl, llama-bench's output, or machines with published rows",
    min: 1,
    max: Infinity,
  },
  examples: [
    [
      "compare m3-max-40c-64gb rtx-4090-24gb",
      "two machines, by the published rows that come along",
    ],
    ["compare mac.csv rtx.csv", "two machines, by their results"],
    ["compare mac.csv rtx.csv --html report.html", "the same as a page with pictures"],
    ["compare mac.csv rtx.csv --prompt-tokens 6000 --output-tokens 400", "and seconds per answer"],
    ["compare mac.csv llama-bench.json --json", "against llama-bench's own output"],
  ],
  async run(given, paths) {
    optimizeLate();
    const asked = mixesOf(given);
    const { comparison, notes, incomplete, predictOffload } = await compareFiles(paths, {
      baseline: given.baseline ?? null,
      practical: given.practical ?? compareFlags.practical.initial,
      usable: given.usable ?? compareFlags.usable.initial,
      allow: allowed(given.allow ?? []),
    });
    const report = comparisonReport(comparison, asked, notes, {
      trainedTokens,
      predictOffload,
      predictMachine,
      prices: pricesOf(given, comparison.machines),
    });
    await writeFiles(report, given);
    // A report for people ends with all notes.
    if (given.json) for (const note of incomplete) console.error(`llmbench: ${printable(note)}`);
    process.stdout.write(given.json ? renderJson(report) : renderTerminal(report, formOf(given)));
    return 0;
  },
});

type Flags = Given<typeof compareFlags>;

function formOf({ verbose }: Flags): TerminalForm {
  return {
    width: terminalWidth(),
    isTerminal: process.stdout.isTTY,
    verbose: verbose === true,
    emphasize: (text) => emphasize(text),
  };
}

/** Boxes go by the names of described machines, or by the labels that the results have. */
function pricesOf({ prices }: Flags, machines: Comparison["machines"]): Prices | null {
  if (typeof prices !== "string") return null;
  const compared = machines.map(({ label }) => ({ id: label, aliases: [] }));
  return readBoxPrices(prices, [...compared, ...loadMachines()]);
}

function mixesOf({ promptTokens, outputTokens, mix }: Flags): NamedMix[] {
  const named = (mix ?? []).map((name) => mixes[name]);
  if (typeof promptTokens !== "number" && typeof outputTokens !== "number") return named;
  if (typeof promptTokens !== "number" || typeof outputTokens !== "number") {
    const missing = typeof promptTokens === "number" ? "--output-tokens" : "--prompt-tokens";
    throw new LlmbenchError("usage", `an answer needs both: add ${missing} N`);
  }
  return [customMix(promptTokens, outputTokens), ...named];
}

async function writeFiles(report: ComparisonReport, { csv, html, markdown }: Flags): Promise<void> {
  if (csv) await write(csv, renderCsv(report));
  if (!html && !markdown) return;
  const figures = await drawFigures(report);
  if (html) await write(html, renderHtml(report, figures));
  if (!markdown) return;
  const { text, pictures } = renderMarkdown(report, figures, parse(markdown).name);
  for (const [name, svg] of pictures) await write(join(dirname(markdown), name), svg);
  await write(markdown, text);
}

async function write(path: string, text: string | Iterable<string>): Promise<void> {
  await writeResultFile(path, text);
  console.error(`written: ${path}`);
}
