import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRequire } from "node:module";
import type * as sqlite from "node-sqlite3-wasm";
import { describe, expect, it } from "vitest";
import { importResults } from "../../../src/results/importResults.ts";
import { freshFolder } from "../folders.ts";
import { reading } from "./reading.ts";

const { Database } = createRequire(import.meta.url)("node-sqlite3-wasm") as typeof sqlite;

const created = `CREATE TABLE IF NOT EXISTS llama_bench (
  build_commit TEXT,
  gpu_info TEXT,
  backends TEXT,
  model_filename TEXT,
  model_type TEXT,
  n_prompt INTEGER,
  n_gen INTEGER,
  avg_ts REAL,
  stddev_ts REAL
);
`;
const columns =
  "build_commit, gpu_info, backends, model_filename, model_type, n_prompt, n_gen, avg_ts, stddev_ts";
const values = (filename = "models/7B.gguf") =>
  `('5b4ebc5', 'NVIDIA GeForce RTX 4090', 'CUDA', '${filename}', 'llama 7B Q4_0', '0', '128', '186.0', '0.1')`;
const inserted = (filename?: string) =>
  `INSERT INTO llama_bench (${columns}) VALUES ${values(filename)};\n`;

describe("SQL is read", () => {
  it.each([
    ["as llama-bench prints it", created + inserted(), 1],
    [
      "of two runs, with noise between",
      `${created}${inserted()}$ llama-bench -o sql\n${created}${inserted()}`,
      2,
    ],
    ["with quotes that llama-bench doesn't escape", created + inserted("it's 'mine'.gguf"), 1],
    ["with quotes that SQL escapes", created + inserted("it''s.gguf"), 1],
    [
      "of a dump, whose columns the table names",
      `BEGIN TRANSACTION;\n${created}INSERT INTO llama_bench VALUES${values()};\nCOMMIT;\n`,
      1,
    ],
    [
      "of several rows in one statement",
      `${created}INSERT INTO llama_bench (${columns}) VALUES\n${values()},\n${values()};\n`,
      2,
    ],
    ["of several statements on a line", created + inserted().trimEnd() + inserted(), 2],
    [
      "of numbers without quotes, and NULL",
      created + inserted().replace("'0', '128', '186.0', '0.1'", "0, 128, 186.0, NULL"),
      1,
    ],
    ["without its CREATE TABLE", inserted(), 1],
  ])("%s", (_, text, rows) => {
    expect(reading(text)).toMatchObject({ read: rows, leftOut: [] });
    expect(reading(text).told[0]).toMatchObject({ machine: "rtx-4090", test: "tg128", speed: 186 });
  });

  it("and a row that can't be read is named", () => {
    const cut = inserted().slice(0, -30);
    expect(reading(`${created}${inserted()}${cut}\n${inserted()}`)).toMatchObject({
      read: 2,
      leftOut: [
        { place: "line 13", reason: "its values are cut off, or not as many as its 9 columns" },
      ],
    });
    expect(() => reading(`INSERT INTO llama_bench VALUES ${values()};\n`)).toThrow(
      "line 1: no columns are named, and no CREATE TABLE above does it",
    );
  });
});

const made = (...statements: readonly string[]) => {
  const path = join(freshFolder(), "llama-bench.sqlite");
  const database = new Database(path);
  for (const statement of statements) database.exec(statement);
  database.close();
  return path;
};

describe("a database as compare-llama-bench.py reads it", () => {
  it.each(["llama_bench", "test"])("is read from its table %s", async (table) => {
    const path = made(
      (created + inserted() + inserted("it''s.gguf")).replaceAll("llama_bench", table),
    );
    const { cases, notes, foreign } = await importResults(path, []);
    expect(cases).toMatchObject([{ summary: { mean: 186 } }, { model: { file: "it's.gguf" } }]);
    expect(notes).toEqual(["llama-bench.sqlite: 2 rows of llama-bench, all read"]);
    expect(foreign).toMatchObject({ read: 2, leftOut: [] });
  });

  it("has a row that can't be read named", async () => {
    const path = made(created + inserted() + inserted().replace("186.0", "fast"));
    expect((await importResults(path, [])).foreign?.leftOut).toEqual([
      { place: "row 2 of table llama_bench", reason: 'avg_ts: expected a number, got "fast"' },
    ]);
  });

  it("is read as tables alone: what a view or a trigger would compute isn't", async () => {
    const path = made(
      created,
      inserted(),
      "CREATE VIEW endless AS WITH RECURSIVE n(avg_ts) AS (SELECT 1 UNION ALL SELECT avg_ts FROM n) SELECT * FROM n",
    );
    expect((await importResults(path, [])).cases).toHaveLength(1);
  });

  it("without such a table holds no results", async () => {
    const path = made("CREATE TABLE other (a, b)");
    await expect(importResults(path, [])).rejects.toThrow(/llama-bench\.sqlite: holds no results/);
  });

  it("that is damaged is refused with the way out", async () => {
    const path = join(freshFolder(), "damaged.sqlite");
    writeFileSync(path, Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(4000, 7)]));
    await expect(importResults(path, [])).rejects.toThrow(
      /damaged\.sqlite: a SQLite database that can't be read \(file is not a database\); give a copy/,
    );
  });
});

describe("a file that holds no results", () => {
  it.each([
    ["GGUF\u0003\0\0\0", /is a model's weights \(GGUF\) and holds no results/],
    ["PK\u0003\u0004", /is an archive \(zip\) and holds no results; .* saved as CSV/],
    ["\u001F\u008B", /is compressed \(gzip\) and holds no results; unpack it first/],
  ])("is named by what it is: %j", async (bytes, message) => {
    const path = join(freshFolder(), "file");
    writeFileSync(path, Buffer.from(bytes, "latin1"));
    await expect(importResults(path, [])).rejects.toThrow(message);
  });
});
