/**
 * Rows in SQL as text: what `llama-bench -o sql` prints, several of it, and dumps of a database. Statements are read, never
 * executed. llama-bench doesn't escape quotes in its values (sql_printer, llama.cpp v0.4.0).
 */
import { nothingFound, type Found } from "../found.ts";
import type { Line } from "../lines.ts";
import type { Scan } from "../scan.ts";
import { ownerOf } from "../tools/tools.ts";

const name = '["`[]?[\\w.]+["`\\]]?';
const createTable = new RegExp(
  String.raw`^\s*CREATE\s+(?:TEMP\w*\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(${name})\s*\(`,
  "iu",
);
const insertInto = new RegExp(
  String.raw`^\s*(?:INSERT|REPLACE)\s+(?:OR\s+\w+\s+)?(?:INTO\s+)?(${name})\s*(?:\(([^()]*)\))?\s*VALUES\s*`,
  "iu",
);
const beginsStatement = /^\s*(?:CREATE\s|INSERT\s|REPLACE\s|BEGIN\b|COMMIT\b|PRAGMA\s|DROP\s)/iu;

/** Several on one line. */
const betweenStatements = /(?<=\)\s*;)\s*(?=(?:INSERT|REPLACE|CREATE)\s)/iu;

interface Statement {
  readonly text: string;
  readonly first: number;
  readonly last: number;
}

interface Table {
  readonly columns: readonly string[];
  readonly output: number;
}

export function sqlRows(scan: Scan): Found {
  const found = nothingFound();
  const tables = new Map<string, Table>();
  for (const statement of statementsIn(scan.free())) {
    const created = createTable.exec(statement.text);
    if (created !== null) {
      const columns = columnsOf(statement.text.slice(created[0].length));
      tables.set(bare(created[1] ?? ""), { columns, output: scan.nextOutput() });
      const tool = ownerOf(columns);
      if (tool !== null) found.headers.push({ tool, line: statement.first });
      scan.claim(statement.first, statement.last);
    } else if (readInsert(statement, tables, found)) scan.claim(statement.first, statement.last);
  }
  return found;
}

/** From a line that begins one to the `;` that ends one, or to the next beginning. */
function statementsIn(lines: readonly Line[]): Statement[] {
  const statements: Statement[] = [];
  let current: { texts: string[]; first: number; last: number } | null = null;
  const end = (): void => {
    if (current !== null) statements.push({ ...current, text: current.texts.join("\n") });
    current = null;
  };
  for (const { number, text } of lines) {
    for (const piece of text.split(betweenStatements)) {
      if (beginsStatement.test(piece)) {
        end();
        current = { texts: [], first: number, last: number };
      }
      if (current === null) continue;
      current.texts.push(piece);
      current.last = number;
      if (/;\s*$/u.test(piece)) end();
    }
  }
  end();
  return statements;
}

function bare(quoted: string): string {
  return quoted.replaceAll(/["`[\]]/gu, "").toLowerCase();
}

/** Names before their types; constraints have names of none. */
function columnsOf(definitions: string): string[] {
  const inner = definitions.slice(0, definitions.lastIndexOf(")"));
  return inner.split(",").flatMap((definition) => {
    const [first] = definition.trim().split(/\s+/u);
    return first === undefined || /^(?:PRIMARY|UNIQUE|CHECK|FOREIGN|CONSTRAINT)$/iu.test(first)
      ? []
      : [bare(first)];
  });
}

/** @returns whether its rows are some tool's, read or not */
function readInsert(
  { text, first }: Statement,
  tables: ReadonlyMap<string, Table>,
  { rows, leftOut }: Found,
): boolean {
  const [beginning, tableName = "", listed] = insertInto.exec(text) ?? [];
  if (beginning === undefined) return false;
  const table = tables.get(bare(tableName));
  const columns =
    listed === undefined ? table?.columns : listed.split(",").map((one) => bare(one.trim()));
  const place = `line ${first}`;
  if (columns === undefined) {
    if (!/^(?:llama_bench|test)$/u.test(bare(tableName))) return false;
    leftOut.push({ place, reason: "no columns are named, and no CREATE TABLE above does it" });
    return true;
  }
  const tool = ownerOf(columns);
  if (tool === null) return false;
  const values = valuesOf(text.slice(beginning.length), columns.length);
  if (values === null) {
    const reason = `its values are cut off, or not as many as its ${columns.length} columns`;
    leftOut.push({ place, reason });
    return true;
  }
  for (const row of values) {
    const fields = Object.fromEntries(columns.map((column, at) => [column, row[at]]));
    rows.push({ tool, fields, outer: [], place, line: first, output: table?.output ?? null });
  }
  return true;
}

type Value = string | null;

/** Rows of values; null where they aren't all whole. */
function valuesOf(text: string, width: number): Value[][] | null {
  const rows = escapedRows(text);
  if (rows?.every(({ length }) => length === width)) return rows;
  const plain = plainRow(text);
  return plain?.length === width ? [plain] : null;
}

const literal = /\s*(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([+-]?[\w.]+(?:[+-]\d+)?))\s*([,)])/uy;
const rowStart = /\s*\(/uy;
const rowsEnd = /\s*(?:;[\s\S]*)?$/uy;
const nextRow = /\s*,/uy;

/** As SQL has it: a quote within a text is written twice. */
function escapedRows(text: string): Value[][] | null {
  const rows: Value[][] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  do {
    if (take(rowStart) === null) return null;
    const row: Value[] = [];
    for (let closing = ""; closing !== ")";) {
      const [whole, single, double, word, end = ""] = take(literal) ?? [];
      if (whole === undefined) return null;
      const quoted = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"');
      row.push(quoted ?? (word?.toUpperCase() === "NULL" ? null : (word ?? null)));
      closing = end;
    }
    rows.push(row);
  } while (take(nextRow) !== null);
  return take(rowsEnd) === null ? null : rows;
}

/** As llama-bench prints it: what stands between quotes is as it is, quotes too. */
function plainRow(text: string): Value[] | null {
  const [, inner] = /^\s*\('([^]*)'\)\s*;?\s*$/u.exec(text) ?? [];
  return inner?.split("', '") ?? null;
}
