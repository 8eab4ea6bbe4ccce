// @ts-check
// Writes the table of columns into docs/results.md, out of the table in src/results/columns. Run it as `npm run results-doc`.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { markdownTable } from "markdown-table";
import { columnNames, columns } from "../dist/results/columns/columns.js";

const [begin, end] = ["<!-- columns -->\n", "\n<!-- end of columns -->"];

/** A copy of the document may be named in its place, which a test compares with it. */
const file = process.argv[2] ?? fileURLToPath(new URL("../docs/results.md", import.meta.url));

const text = readFileSync(file, "utf8");
const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
if (from < begin.length || to < from)
  throw new Error(`${file}: ${begin.trim()} and ${end.trim()} are missing`);
const rows = columnNames.map((name) => [`\`${name}\``].concat(columns[name].doc));
const table = markdownTable([["column", "unit", "meaning", "empty"], ...rows]);
writeFileSync(file, `${text.slice(0, from)}\n${table}\n${text.slice(to)}`);
