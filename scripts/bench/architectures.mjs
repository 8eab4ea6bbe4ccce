// @ts-check
/**
 * Headers of 110 tiny models as llama.cpp's own test-llama-archs writes them (v0.4.0), each up to its tensor data, and
 * the sizes of the files.
 */
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

const archive = untar(
  gunzipSync(readFileSync(new URL("../../test/fit/architectures/headers.tar.gz", import.meta.url))),
);

/** @type {ReadonlyMap<string, number>} */
const sizes = new Map(
  (archive.get("sizes.csv")?.toString() ?? "")
    .trim()
    .split("\n")
    .map((line) => {
      const [file = "", bytes] = line.split(",");
      return [file, Number(bytes)];
    }),
);

export const architectureFiles = [...sizes.keys()];

/**
 * Writes the header with a hole for its weights: llama.cpp loads it.
 *
 * @param {string} folder
 * @param {string} file
 */
export function writeArchitecture(folder, file) {
  const path = join(folder, file);
  const head = archive.get(file.replace(/\.gguf$/, ".head"));
  if (head === undefined) throw new Error(`no header of ${file}`);
  writeFileSync(path, head);
  truncateSync(path, sizes.get(file));
  return path;
}

/**
 * Regular files of a tar archive: a header of 512 bytes, then the file padded to 512.
 *
 * @param {Buffer} bytes
 * @returns {Map<string, Buffer>}
 */
function untar(bytes) {
  const files = new Map();
  for (let at = 0; at + 512 <= bytes.length && bytes[at] !== 0;) {
    const header = at;
    const text = (/** @type {number} */ from, /** @type {number} */ length) =>
      bytes.toString("latin1", header + from, header + from + length).replace(/\0.*$/s, "");
    const size = Number.parseInt(text(124, 12), 8);
    const start = at + 512;
    files.set(text(0, 100).replace(/^\.\//, ""), bytes.subarray(start, start + size));
    at = start + Math.ceil(size / 512) * 512;
  }
  return files;
}
