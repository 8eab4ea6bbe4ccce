/** The weights that are on this machine's disks: real ones, whoever downloaded them, and synthetic ones in llmbench's cache. */
import { formatBytes } from "../base/bytes.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import { inColumns, type TextColumn } from "../base/columns.ts";
import { count } from "../base/count.ts";
import { toType } from "../base/invocation.ts";
import { printable } from "../base/printable.ts";
import { sumOf } from "../base/sumOf.ts";
import { emptyCache, listCached } from "../models/cachedFiles.ts";
import { localWeights, type LocalModel } from "../models/local/localModels.ts";

/** How a list is told: as JSON, or as lines of so many characters at most. */
export interface ListForm {
  readonly json: boolean;
  readonly width: number;
}

const sizedColumns: readonly TextColumn[] = [
  { heading: "model" },
  { heading: "quantization", names: true },
  { heading: "size", align: "right" },
];
const cachedColumns: readonly TextColumn[] = [
  ...sizedColumns,
  { heading: "made (UTC)" },
  { heading: "file" },
];
const localColumns: readonly TextColumn[] = [
  ...sizedColumns,
  { heading: "of" },
  { heading: "file" },
];

export async function cachedWeights({ json, width }: ListForm): Promise<string> {
  const files = await listCached(cacheFolder());
  if (json) return JSON.stringify(files, null, 2);
  if (files.length === 0) return `no synthetic weights in ${cacheFolder()}`;
  const rows = files.map(({ model, quantization, bytes, modifiedAt, path }) => [
    model,
    quantization,
    formatBytes(bytes),
    modifiedAt.toISOString().slice(0, 16).replace("T", " "),
    path,
  ]);
  const total = formatBytes(sumOf(files, ({ bytes }) => bytes));
  return `${inColumns(cachedColumns, rows, width)}\n${count(files.length, "file")}, ${total}`;
}

/** Removes the synthetic ones. @returns what was removed, in words */
export async function emptiedCache(): Promise<string> {
  const { files, bytes } = await emptyCache(cacheFolder());
  return `removed ${count(files, "file")}, ${formatBytes(bytes)}, from ${cacheFolder()}`;
}

/** @param skip told of files that can't be used */
export function realWeights({ json, width }: ListForm, skip: (text: string) => void): string {
  const { models: found, broken } = localWeights(cacheFolder());
  for (const { owner, path, problem } of broken)
    skip(printable(`skipped, of ${owner}: ${path}: ${problem}`));
  if (json) return JSON.stringify(found.map(localFacts), null, 2);
  if (found.length === 0)
    return `no real weights on disk; ${toType("pull --help")} tells how to get some`;
  const rows = found.map(({ id, quantization, bytes, owner, path }) => [
    printable(id),
    quantization ?? "?",
    formatBytes(bytes),
    owner,
    printable(path),
  ]);
  return inColumns(localColumns, rows, width);
}

function localFacts(model: LocalModel) {
  const { id, architecture, quantization, bytes, parameters, owner, path } = model;
  return { id, architecture, quantization, bytes, parameters, owner, path };
}
