/**
 * Headers of 110 tiny models, one or two of each of 104 architectures, as llama.cpp's own test-llama-archs writes them
 * (v0.4.0), and what llama.cpp prints of them at a context of 4096 (F16 caches, ubatch 512, one sequence, on the CPU).
 */
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "csv-parse/sync";
import { readGgufModel, type GgufModel } from "../../../src/gguf/splitFile.ts";

export interface KnownAnswer {
  readonly file: string;
  readonly kvMib: number;
  /** Each line that llama.cpp prints of it is counted once. */
  readonly stateMib: number;
  readonly computeMib: number;
}

const here = import.meta.dirname;

export const answers: readonly KnownAnswer[] = rowsOf("answers.csv").map((row) => ({
  file: row["file"] ?? "",
  kvMib: Number(row["kv_mib"]),
  stateMib: Number(row["state_mib"]),
  computeMib: Number(row["compute_mib"]),
}));

function rowsOf(name: string): Record<string, string>[] {
  return parse(readFileSync(join(here, name)), { columns: true });
}

const archive = untar(gunzipSync(readFileSync(join(here, "headers.tar.gz"))));
const sizes = new Map(
  (archive.get("sizes.csv")?.toString() ?? "")
    .trim()
    .split("\n")
    .map((line) => line.split(",") as [string, string]),
);

/** Writes the header with a hole for its weights: llama.cpp loads it. */
export function writeArchitecture(folder: string, file: string): string {
  const path = join(folder, file);
  const head = archive.get(file.replace(/\.gguf$/, ".head"));
  if (head === undefined) throw new Error(`no header of ${file}`);
  writeFileSync(path, head);
  truncateSync(path, Number(sizes.get(file)));
  return path;
}

export function readArchitecture(folder: string, file: string): GgufModel {
  return readGgufModel(writeArchitecture(folder, file));
}

/** Regular files of a tar archive: a header of 512 bytes, then the file padded to 512. */
function untar(bytes: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const text = (from: number, length: number) =>
      bytes.toString("latin1", at + from, at + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8);
    const start = at + 512;
    files.set(text(0, 100).replace(/^\.\//, ""), bytes.subarray(start, start + size));
    at = start + Math.ceil(size / 512) * 512;
  }
  return files;
}
