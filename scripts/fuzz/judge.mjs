// @ts-check
// What llmbench must do with a foreign file, whatever it holds: take it, or refuse it in a line or two.
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { LlmbenchError } from "../../dist/index.js";
import { main, resolveModel, variantOf } from "../../dist/maintenance.js";

/** @typedef {import("./results.mjs").ResultFile} ResultFile */
/** @typedef {"taken" | "refused"} Verdict */

/** Of a message: a path, a name and a value of the file's. */
const longestMessage = 800;

/** Colours, bells, and what turns the order of letters; a line break is no surprise. */
const controlCharacters = /[^\P{C}\n]/u;

/** @param {string} text */
function checkTerminal(text) {
  const found = controlCharacters.exec(text);
  if (found === null) return;
  const around = text.slice(Math.max(0, found.index - 40), found.index + 40);
  throw new Error(`control characters: ${JSON.stringify(around)}`);
}

/** @param {string} text */
function checkMessage(text) {
  const lines = text.split("\n");
  if (lines.length > 2) throw new Error(`more than two lines:\n${text}`);
  if (text.length > longestMessage) throw new Error(`${text.length} characters:\n${text}`);
  checkTerminal(text);
  if (/This is a bug|\n\s+at /u.test(text)) throw new Error(`not foreseen:\n${text}`);
}

const ask = () => Promise.reject(new Error("a file has its types"));
/** @type {import("../../dist/maintenance.js").WeightsContext} */
const context = { choice: "auto", cacheDir: "", enginePackage: "", ask };

/**
 * All that a plan asks of a model's file.
 *
 * @param {string} path
 * @param {{ header: Buffer, fileBytes: number }} file
 * @returns {Promise<Verdict>}
 */
export async function judgeHeader(path, { header, fileBytes }) {
  writeFileSync(path, header);
  truncateSync(path, fileBytes);
  try {
    await variantOf(resolveModel(path), null, context);
  } catch (error) {
    if (!(error instanceof LlmbenchError) || error.code !== "input") throw error;
    checkMessage(error.message);
    return "refused";
  }
  const { code, said } = await quietly(() =>
    main(["fit", "-m", path, "--machine", "rtx-4090-24gb"]),
  );
  for (const message of said) checkMessage(message);
  if (code === 0) return "taken";
  // A header that tells nothing of layers.
  if (code === 2) return "refused";
  throw new Error(`exit code ${code} of fit: ${said.join("; ")}`);
}

/**
 * `llmbench report` on the file, through the command line.
 *
 * @param {string} folder
 * @param {ResultFile} file
 * @returns {Promise<Verdict>}
 */
export async function judgeResults(folder, { name, bytes }) {
  const [path, made] = [join(folder, name), join(folder, "made")];
  writeFileSync(path, bytes);
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made);
  const commands = [
    ["report", path, "--output-dir", made],
    ["report", path, "-o", "table"],
    ["report", path, "-o", "json"],
  ];
  for (const argv of commands) {
    const { code, said, printed } = await quietly(() => main(argv));
    for (const message of said) checkMessage(message);
    if (argv.includes("table")) checkTerminal(printed);
    if (code === 2) return "refused";
    if (code !== 0) throw new Error(`exit code ${code} of ${argv.join(" ")}`);
  }
  checkMade(made);
  return "taken";
}

/** Between fences everything is text. */
const codeBlock = /^ *(`{3,})[^`\n]*\n[^]*?^ *\1`*$/gmu;

/** @param {string} made */
function checkMade(made) {
  const page = readFileSync(join(made, "report.html"), "utf8");
  if (/<script>alert|<img src=x/u.test(page)) throw new Error("the page holds foreign HTML");
  const markdown = readFileSync(join(made, "report.md"), "utf8").replaceAll(codeBlock, "");
  if (/<script>alert|(?<!\\)\[x\]\(javascript/u.test(markdown))
    throw new Error("Markdown holds foreign HTML");
  /** @type {string[][]} */
  const rows = parse(readFileSync(join(made, "results.csv")));
  const formula = rows
    .flat()
    .find((cell) => /^[=+\-@\t\r]/u.test(cell) && Number.isNaN(Number(cell)));
  if (formula !== undefined) throw new Error(`a spreadsheet would run ${JSON.stringify(formula)}`);
}

/**
 * @param {() => Promise<number>} run
 * @returns {Promise<{ code: number, said: string[], printed: string }>} what went to stderr and stdout
 */
async function quietly(run) {
  const { error, log } = console;
  const write = process.stdout.write.bind(process.stdout);
  /** @type {string[]} */
  const said = [];
  console.error = (/** @type {unknown[]} */ ...words) => said.push(words.join(" "));
  let printed = "";
  console.log = () => {};
  process.stdout.write = (/** @type {unknown} */ text) => {
    printed += String(text);
    return true;
  };
  try {
    const code = await run();
    return { code, said, printed };
  } finally {
    console.error = error;
    console.log = log;
    process.stdout.write = write;
  }
}
