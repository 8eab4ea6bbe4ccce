/**
 * Writes docs/machines-2026.md: machines of this year with models of this year, by published rows of llama-bench where there
 * are some, else as `fit` predicts. Needs a built checkout.
 *
 *   node scripts/machines-2026.mjs [FOLDER]
 *
 * FOLDER takes the place of docs/; a test compares what is written there.
 */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { markdownTable } from "markdown-table";
import { catalogue, fit, publishedQuality, testName, usualFitSettings } from "../dist/index.js";
import {
  basisWords,
  caseOriginWords,
  isOnGpu,
  qualityText,
  rangeText,
  threeDigits,
} from "../dist/maintenance.js";
import { table } from "./published/tables.mjs";

const docs = process.argv[2] ?? join(dirname(fileURLToPath(import.meta.url)), "..", "docs");

/** As people ask for them this year; the last four are Macs. */
const machines = [
  "gb10-128gb",
  "ryzen-ai-max-395-128gb",
  "rtx-5090-32gb",
  "rtx-3090-24gb",
  "radeon-ai-pro-r9700-32gb",
  "m5-pro-20c-64gb",
  "m5-max-40c-128gb",
  "m4-max-40c-128gb",
  "m3-ultra-80c-256gb",
];
const models = [
  ["gpt-oss-20b", "mxfp4_moe"],
  ["gpt-oss-120b", "mxfp4_moe"],
  ["qwen3.6-27b", "q4_k_m"],
  ["qwen3.6-27b", "q8_0"],
  ["qwen3.6-35b-a3b", "q4_k_m"],
  ["glm-4.7-flash", "q4_k_m"],
  ["glm-4.7-flash", "q8_0"],
];

/** A long document and its answer. */
const settings = { ...usualFitSettings, nCtx: 8592 };

const sections = [];
const leaders = [];
const qualities = [];
for (const [model, quantization] of models) {
  const cells = await fit({ models: [model], quantizations: [quantization], machines, settings });
  const rows = cells.map(rowOf);
  leaders.push(leaderOf(`${model} ${quantization}`, rows));
  qualities.push(qualityOf(model, quantization, cells[0]));
  sections.push(
    `### ${model} ${quantization}`,
    markdownTable([
      ["machine", "fit", "writes, t/s", "reads, t/s", "known from"],
      ...rows.map(({ name, held, writes, reads, from }) => [
        name,
        held,
        writes.text,
        reads.text,
        from,
      ]),
    ]),
  );
}

/** The newest row of a test from an empty context, the usual one before others. */
function measuredIn(cell, kind, usual) {
  const rows = cell.machine.speed.source.published
    .flat()
    .filter(
      ({ model, workload, status, ...rest }) =>
        status === "measured" &&
        model.id === cell.model.id &&
        model.quantization === cell.model.quantization &&
        workload.kind === kind &&
        workload.depth === 0 &&
        isOnGpu({ model, workload, status, ...rest }),
    );
  return rows.findLast(({ workload }) => testName(workload) === usual) ?? rows.at(-1) ?? null;
}

function rowOf(cell) {
  const { verdict, speed, machine } = cell;
  const held =
    verdict.fit === "full"
      ? "all on the GPU"
      : verdict.fit === "partial"
        ? `${verdict.nGpuLayers} of ${verdict.nLayers + 1} layers`
        : verdict.fit;
  const rows = [measuredIn(cell, "generate", "tg128"), measuredIn(cell, "prompt", "pp512")];
  const [writes, reads] = [
    valueOf(rows[0], speed === null ? null : { centre: speed.tg_ts, ...speed }),
    valueOf(rows[1], speed?.prefill ? { centre: speed.prefill.pp_ts, ...speed.prefill } : null),
  ];
  const sources = [...new Set(rows.flatMap((row) => (row === null ? [] : [caseOriginWords(row)])))];
  const predicted = rows.includes(null) && speed !== null;
  const from = [
    ...sources,
    ...(predicted ? [`predicted from ${fromWords(speed, machine)}`] : []),
  ].join("; ");
  return { name: machine.name, held, full: verdict.fit === "full", writes, reads, from };
}

function valueOf(row, predicted) {
  if (row !== null) {
    const { mean } = row.summary;
    const text = `${threeDigits(mean)} (${testName(row.workload)})`;
    return { centre: mean, low: mean, high: mean, text, said: `${threeDigits(mean)} t/s` };
  }
  if (predicted === null) return { centre: 0, low: 0, high: 0, text: "", said: "" };
  const text = `predicted ${rangeText(predicted)}`;
  const { centre, low, high } = predicted;
  return { centre, low, high, text, said: `${text} t/s` };
}

function fromWords({ basis }, { speed }) {
  return basis === "datasheet" ? "the datasheet" : basisWords(basis, speed);
}

function told({ name, writes }) {
  return `${name} (${writes.said})`;
}

/** Where ranges overlap nobody is named before the others. */
function leaderOf(name, rows) {
  const holding = rows.filter(({ full, writes }) => full && writes.centre > 0);
  const [first, ...rest] = holding.toSorted((a, b) => b.writes.centre - a.writes.centre);
  const near = rest.filter(({ writes }) => writes.high >= first.writes.low);
  const who =
    near.length === 0
      ? `${told(first)} writes fastest`
      : `${[first, ...near].map(told).join(", ")} are near a tie`;
  const others = rows.filter(({ full }) => !full).map(({ name: machine }) => machine);
  const without = others.length === 0 ? "" : ` Not wholly on the GPU of ${others.join(", ")}.`;
  return `- **${name}**: of ${holding.length} machines that hold it ${who}.${without}`;
}

function qualityOf(model, quantization, { verdict }) {
  const bitsPerWeight = (8 * verdict.prediction.weightsBytes) / catalogue().find(model).n_params;
  const quality = publishedQuality({ model, quantization, bitsPerWeight });
  return [
    `${model} ${quantization}`,
    threeDigits(bitsPerWeight),
    quality === null ? "none published" : qualityText(quality),
    quality?.source ?? "",
  ];
}

const others = table("other-engines-2026").map((row) => [
  row.machine,
  row.engine,
  row.model,
  `${row.work} ${row.avg_ts}`,
  row.date,
  row.note,
  row.source,
]);

const text = [
  "# Machines of this year",
  `This page says how fast machines of this year run models of this year through llama.cpp, and which of them hold what. A figure with its test is a published row of llama-bench. What nobody published is predicted by \`llmbench fit --ctx ${settings.nCtx}\`, and called so; a range holds four of five measurements.`,
  "`node scripts/machines-2026.mjs` writes it out of `reports/reference/` and the machines' descriptions. To measure your own: [README](../README.md).",
  "## In short",
  leaders.join("\n"),
  "Prices change by the week and none comes with llmbench: `llmbench fit --min-tg 20 --prices FILE` and `llmbench compare A B --prices FILE` show those that you give.",
  "## Model by model",
  ...sections,
  "## Other engines",
  "No row of llama-bench is published of this year's Macs with these models, and few of a DGX Spark. These rows are of other engines: other programs, other files and other ways to measure, so that they stand beside the tables above and in no ratio.",
  markdownTable([["machine", "engine", "model", "t/s", "published", "note", "source"], ...others]),
  "## What few bits cost",
  "Fewer bits per weight are faster and less exact. Mean Kullback-Leibler divergence tells how far the next token's probabilities are from the unquantized model's: 0 is the same model. Figures of different models don't compare.",
  markdownTable([["file", "bits per weight", "published quality", "source"], ...qualities]),
];
const file = join(docs, "machines-2026.md");
writeFileSync(file, `${text.join("\n\n")}\n`);
console.log(file);
