// @ts-check
// Writes the tables of columns and readings into docs/results.md, out of those in the source. Run it as `npm run results-doc`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { markdownTable } from "markdown-table";
import { columnNames, columns } from "../dist/index.js";
import { readingNames, readings, snakeCase } from "../dist/maintenance.js";

/** A copy of the document may be named in its place, which a test compares with it. */
const file = process.argv[2] ?? fileURLToPath(new URL("../docs/results.md", import.meta.url));

/**
 * @param {string} text
 * @param {string} name of the comments that stand around it
 * @param {string[][]} rows with a heading
 */
function withTable(text, name, rows) {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
  if (from < begin.length || to < from)
    throw new Error(`${file}: ${begin.trim()} and ${end.trim()} are missing`);
  return `${text.slice(0, from)}\n${markdownTable(rows)}\n${text.slice(to)}`;
}

const text = withTable(readFileSync(file, "utf8"), "columns", [
  ["column", "unit", "meaning", "empty"],
  ...columnNames.map((name) => [`\`${name}\``].concat(columns[name].doc)),
]);
const withReadings = withTable(text, "readings", [
  ["reading", "meaning"],
  ...readingNames.map((name) => [`\`${snakeCase(name)}\``, readings[name].meaning]),
]);
writeFileSync(file, withReadings);
