/**
 * Rows of a SQLite database, such as `llama-bench -o sql | sqlite3 llama-bench.sqlite` makes, which
 * scripts/compare-llama-bench.py of llama.cpp reads. It is opened for reading alone, and its tables are read as they are:
 * views, triggers and virtual tables, which could compute something, aren't touched.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lazyPackage } from "../../../base/lazyPackage.ts";
import { nothingFound, type Fields, type Found } from "../found.ts";
import type { Scan } from "../scan.ts";
import { ownerOf } from "../tools/tools.ts";

const sqlite = lazyPackage("node-sqlite3-wasm");

const signature = Buffer.from("SQLite format 3\0");

export function isDatabase(head: Buffer): boolean {
  return head.subarray(0, signature.length).equals(signature);
}

/** Why a database can't be read, in SQLite's words. */
export class UnreadableDatabase extends Error {
  override readonly name = "UnreadableDatabase";
}

/**
 * @throws UnreadableDatabase where the bytes are damaged.
 */
export function databaseRows(bytes: Buffer, scan: Scan): Found {
  // A copy: SQLite leaves locks and journals beside what it opens.
  const folder = mkdtempSync(join(tmpdir(), "llmbench-database-"));
  try {
    const path = join(folder, "copy.sqlite");
    writeFileSync(path, bytes);
    return rowsIn(path, scan);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsIn(path: string, scan: Scan): Found {
  const found = nothingFound();
  const { Database } = sqlite();
  try {
    const database = new Database(path, { readOnly: true });
    try {
      database.exec("PRAGMA trusted_schema = OFF");
      for (const table of tablesOf(database)) readTable(database, table, scan, found);
    } finally {
      database.close();
    }
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "SQLite3Error") throw error;
    throw new UnreadableDatabase(error.message, { cause: error });
  }
  return found;
}

type Database = InstanceType<ReturnType<typeof sqlite>["Database"]>;

function tablesOf(database: Database): string[] {
  const tables = database.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name",
  );
  return tables.map(({ name }) => nameOf(name));
}

function nameOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function readTable(database: Database, table: string, scan: Scan, { rows, headers }: Found): void {
  const quoted = `"${table.replaceAll('"', '""')}"`;
  const columns = database.all(`PRAGMA table_info(${quoted})`).map(({ name }) => nameOf(name));
  const tool = ownerOf(columns);
  if (tool === null) return;
  headers.push({ tool, line: 0 });
  const read: readonly Fields[] = database.all(`SELECT * FROM ${quoted}`);
  const output = scan.nextOutput();
  for (const [at, row] of read.entries()) {
    const place = `row ${at + 1} of table ${table}`;
    const fields = Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name.toLowerCase(),
        typeof value === "bigint" ? Number(value) : value,
      ]),
    );
    rows.push({ tool, fields, place, line: 0, output, outer: [] });
  }
}
