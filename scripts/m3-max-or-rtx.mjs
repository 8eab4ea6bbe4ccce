/**
 * Writes docs/m3-max-or-rtx.md, the question answered on one page from the published figures in reports/reference/, and
 * docs/m3-max-or-rtx-in-full.md, the same comparisons with more machines and every pair. Both by `compare`. Needs a built
 * checkout.
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

const question = `# M3 Max or RTX 4090?

This page says which of the two should run Llama, by figures that others published. It is what \`llmbench compare ${pair.join(" ")}\` prints.
`;

const rests = `## How to read it

- *Writes* is the speed of the answer, in tokens per second (t/s). *Reads* is the speed at which the prompt is taken in, which decides when the first word comes.
- *Predicted* is not measured: it follows from the card's bandwidth, the RAM beside it and published rows of the card alone.
- The figures are of 2024. Newer builds of llama.cpp are faster on both machines, and MLX or vLLM may rank them otherwise.
- More machines, every pair and all pictures: [m3-max-or-rtx-in-full.md](m3-max-or-rtx-in-full.md). Machines of this year: [machines-2026.md](machines-2026.md). How \`compare\` judges: [comparing.md](comparing.md).
`;

const opening = `# M3 Max or RTX, in full

This page holds the comparisons behind [m3-max-or-rtx.md](m3-max-or-rtx.md): six machines with Llama 3, then with Llama 1 and 2, every pair with its interval.

\`node scripts/m3-max-or-rtx.mjs\` writes it out of \`reports/reference/\`, whose rows name their sources. Budgets are the stock Metal limit on a Mac and the nominal memory of a card. Needs are weights and KV cache, without compute buffers, which those builds didn't publish.
`;

const folder = join(docs, pictures);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
write("m3-max-or-rtx.md", [question, await answer(pair), rests]);
write("m3-max-or-rtx-in-full.md", [
  opening,
  await part("m3-max-40c-64gb", "llama-3"),
  await part("m3-max-40c-48gb", "llama-2"),
]);

function write(name, parts) {
  writeFileSync(join(docs, name), parts.join("\n"));
  console.log(`${join(docs, name)}; ${readdirSync(folder).length} pictures`);
}

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

/** The paragraphs that a comparison opens with, behind its title, and its first picture. */
async function answer(names) {
  const report = await reportOf(names);
  const figures = await drawFigures(report);
  const { text, pictures: drawn } = renderMarkdown(report, figures.slice(0, 1), "answer");
  const paragraphs = text.split("\n\n").slice(1, 1 + report.headline.length);
  const [[name, svg]] = drawn;
  writeFileSync(join(folder, name), svg);
  return `${paragraphs.join("\n\n")}\n\n![${figures[0].title}](${pictures}/${name})\n`;
}

async function part(mac, stem) {
  const report = await reportOf([mac, ...others]);
  const { text, pictures: drawn } = renderMarkdown(report, await drawFigures(report), stem);
  for (const [name, svg] of drawn) writeFileSync(join(folder, name), svg);
  // The lines that repeat each row are llmbench's, not those that made the published figures.
  const told = text.replace(/<details>[^]*?<\/details>\n*/, "");
  return told.replaceAll(/^#/gm, "##").replaceAll("](llama-", `](${pictures}/llama-`);
}
