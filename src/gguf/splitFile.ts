/**
 * Models split over several files, `NAME-00001-of-00003.gguf` and so on, as llama.cpp's gguf-split names and marks them
 * (llama_split_path and the `split.*` keys, src/llama-model-loader.cpp, v0.4.0).
 */
import { LlmbenchError } from "../errors.ts";
import { metadataNumber } from "./headerFacts.ts";
import type { HeaderFacts } from "./headerFacts.ts";
import { headerLimits } from "./headerLimits.ts";
import { readGgufHeader } from "./readHeader.ts";
import type { GgufHeader } from "./readHeader.ts";

/** A model's files, one or many: metadata of the first, tensors of all. */
export interface GgufModel extends HeaderFacts {
  readonly files: readonly GgufHeader[];
}

/**
 * Reads a model by the path of its only file, or of the first file of a split one.
 *
 * @throws LlmbenchError (`input`) as readGgufHeader does, and where a file of the set is missing or doesn't belong.
 */
export function readGgufModel(path: string): GgufModel {
  const first = readGgufHeader(path);
  const rest = shardPaths(first).slice(1);
  return joinGgufFiles([first, ...rest.map((shard) => readGgufHeader(shard))]);
}

/**
 * The model of these files, in the order of a split one's parts.
 *
 * @throws LlmbenchError (`input`) where one doesn't belong.
 */
export function joinGgufFiles(files: readonly [GgufHeader, ...GgufHeader[]]): GgufModel {
  const [first] = files;
  const { path } = first;
  for (const [index, shard] of files.entries()) if (index > 0) checkShard(shard, index, first);
  const tensors = files.flatMap((file) => file.tensors);
  if (new Set(tensors.map(({ name }) => name)).size !== tensors.length) {
    throw new LlmbenchError("input", `${path}: a tensor stands in two files of the split model`);
  }
  const total = metadataNumber(first, "split.tensors.count");
  if (files.length > 1 && total !== undefined && total !== tensors.length) {
    throw new LlmbenchError(
      "input",
      `${path}: the split model states ${total} tensors and its files hold ${tensors.length}`,
    );
  }
  return { files, metadata: first.metadata, tensors };
}

/** Paths of all files of the set that `first` begins. */
function shardPaths(first: GgufHeader): string[] {
  const { path } = first;
  const count = metadataNumber(first, "split.count") ?? 1;
  if (count <= 1) return [path];
  const refuse = (message: string) => new LlmbenchError("input", `${path}: ${message}`);
  if (count > headerLimits.shards) {
    throw refuse(
      `split into ${count} files, more than the ${headerLimits.shards} that llmbench reads`,
    );
  }
  const ending = (n: number) => `-${fiveDigits(n)}-of-${fiveDigits(count)}.gguf`;
  const prefix = path.slice(0, -ending(1).length);
  const number = metadataNumber(first, "split.no");
  if (number !== 0) {
    throw refuse(`part ${Number(number) + 1} of ${count}; name the first, ${prefix}${ending(1)}`);
  }
  if (!path.endsWith(ending(1))) {
    throw refuse(
      `the first of ${count} files must be called …${ending(1)} for llama.cpp to find the others`,
    );
  }
  return Array.from({ length: count }, (_, i) => prefix + ending(i + 1));
}

function fiveDigits(n: number): string {
  return String(n).padStart(5, "0");
}

function checkShard(shard: GgufHeader, index: number, first: GgufHeader): void {
  for (const [key, expected] of [
    ["split.no", index],
    ["split.count", metadataNumber(first, "split.count")],
  ] as const) {
    const value = metadataNumber(shard, key);
    if (value !== expected) {
      throw new LlmbenchError(
        "input",
        `${shard.path}: doesn't belong to ${first.path}: ${key} ${expected} expected, got ${value}`,
      );
    }
  }
}
