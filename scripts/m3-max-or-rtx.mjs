/**
 * Writes docs/m3-max-or-rtx.md: the question answered from the published figures in reports/reference/, by `compare`.
 * Needs a built checkout.
 *
 *   node scripts/m3-max-or-rtx.mjs [FOLDER]
 *
 * FOLDER takes the place of docs/; a test compares what is written there.
 *
 * The tables know the 64 GB machine with Llama 3 and the 48 GB one with Llama 1 and 2: two comparisons.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  compareMachines,
  comparisonReport,
  decisiveModel,
  drawFigures,
  importResults,
  machinesOf,
  mixes,
  offloadOf,
  predictMachine,
  renderMarkdown,
  trainedTokens,
} from "../dist/maintenance.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const docs = process.argv[2] ?? join(root, "docs");
const pictures = "m3-max-or-rtx";
/** The question as it is asked; README.md's comparison too. */
const pair = ["m3-max-40c-64gb", "rtx-4090-24gb"];
const others = [
  "m2-ultra-76c-192gb",
  "rtx-4090-24gb",
  "2x-rtx-4090-24gb",
  "rtx-3090-24gb",
  "rtx-4080-16gb",
];
const options = { baseline: null, practical: 0.03, usable: 5, allow: new Set() };

const rests = `## What it rests on

Published figures answer. \`node scripts/m3-max-or-rtx.mjs\` writes this page out of \`reports/reference/\`, whose rows name
their sources; the words, tables and pictures are those of \`llmbench compare\` (how it judges: [comparing.md](comparing.md)),
and so is the answer above: \`llmbench compare ${pair.join(" ")}\` prints it. Builds of llama.cpp are of 2023 and 2024:
newer ones are faster on all of these machines. Budgets are the stock Metal limit on a Mac and the nominal memory of a
card; needs are weights and KV cache, without compute buffers, which those builds didn't publish.

Below stand the same comparisons with more machines, of Llama 3 and then of Llama 1 and 2, with every pair.
`;

const folder = join(docs, pictures);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const parts = [
  await answer(pair),
  rests,
  await part("m3-max-40c-64gb", "llama-3"),
  await part("m3-max-40c-48gb", "llama-2"),
];
writeFileSync(join(docs, "m3-max-or-rtx.md"), ["# M3 Max or RTX?\n", ...parts].join("\n"));
console.log(`${join(docs, "m3-max-or-rtx.md")} and ${readdirSync(folder).length} pictures`);

async function reportOf(names) {
  const files = [];
  for (const name of names) {
    const file = `reports/reference/${name}.csv`;
    files.push({ file, ...(await importResults(join(root, file), [])) });
  }
  const comparison = compareMachines(machinesOf(files), options);
  const predictOffload = await offloadOf(decisiveModel(comparison));
  const known = { trainedTokens, predictOffload, predictMachine };
  return comparisonReport(comparison, [mixes.chat, mixes.rag], [], known);
}

/** The paragraphs that a comparison opens with, behind its title. */
async function answer(names) {
  const report = await reportOf(names);
  const paragraphs = renderMarkdown(report, [], "answer").text.split("\n\n");
  return `${paragraphs.slice(1, 1 + report.headline.length).join("\n\n")}\n`;
}

async function part(mac, stem) {
  const report = await reportOf([mac, ...others]);
  const { text, pictures: drawn } = renderMarkdown(report, await drawFigures(report), stem);
  for (const [name, svg] of drawn) writeFileSync(join(folder, name), svg);
  // The lines that repeat each row are llmbench's, not those that made the published figures.
  const told = text.replace(/<details>[^]*?<\/details>\n*/, "");
  return told.replaceAll(/^#/gm, "##").replaceAll("](llama-", `](${pictures}/llama-`);
}
