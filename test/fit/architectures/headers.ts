/** 110 tiny models, and what llama.cpp prints of them at a context of 4096 (F16 caches, ubatch 512, one sequence, on the CPU). */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { writeArchitecture } from "../../../scripts/bench/architectures.mjs";
import { readGgufModel, type GgufModel } from "../../../src/gguf/splitFile.ts";

export interface KnownAnswer {
  readonly file: string;
  readonly kvMib: number;
  /** Each line that llama.cpp prints of it is counted once. */
  readonly stateMib: number;
  readonly computeMib: number;
}

const rows: readonly Record<string, string>[] = parse(
  readFileSync(join(import.meta.dirname, "answers.csv")),
  { columns: true },
);

export const answers: readonly KnownAnswer[] = rows.map((row) => ({
  file: row["file"] ?? "",
  kvMib: Number(row["kv_mib"]),
  stateMib: Number(row["state_mib"]),
  computeMib: Number(row["compute_mib"]),
}));

export function readArchitecture(folder: string, file: string): GgufModel {
  return readGgufModel(writeArchitecture(folder, file));
}
