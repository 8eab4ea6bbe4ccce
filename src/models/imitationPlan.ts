/**
 * A synthetic file with another's header: architecture, metadata, tokenizer, and every tensor's name, order and type. Small
 * tensors are the original's, the rest is filled like any synthetic file. Of a split model's files it makes one.
 */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { canFill, type TensorContent } from "../gguf/blocks/weightStream.ts";
import { LlmbenchError } from "../errors.ts";
import { elementsOf, ggmlTypes } from "../gguf/ggmlTypes.ts";
import { quantizationOf } from "../gguf/headerFacts.ts";
import { alignTo } from "../gguf/tensorTable.ts";
import {
  encodeHeader,
  placeTensors,
  type MetadataEntry,
  type PlacedTensor,
} from "../gguf/writeHeader.ts";
import { syntheticFolder } from "../base/cacheFolder.ts";
import { originalOnDisk, originalTensors, type Original, type OriginalTensor } from "./original.ts";
import type { FileModel } from "./resolveModel.ts";
import type { SyntheticPlan } from "./syntheticPlan.ts";
import { imitationDigest, isMark, markMetadata } from "./syntheticRecipe.ts";

/** Tensors below it are copied: norms, rope factors, router biases, sinks. They decide where experts and attention go. */
const copiedBytes = 2 ** 20;

/** Of a model on disk or elsewhere. @throws as planImitation does */
export function planImitationOf(
  { id, path, gguf, remote }: Pick<FileModel, "id" | "path" | "gguf" | "remote">,
  cacheDir: string,
): SyntheticPlan {
  return planImitation(remote ?? originalOnDisk(basename(path), gguf), id, cacheDir);
}

/** @throws LlmbenchError (`input`) where a large tensor is of a type that nothing is known to fill with. */
function planImitation(original: Original, modelId: string, cacheDir: string): SyntheticPlan {
  const { gguf, name } = original;
  const alignment = gguf.files[0]?.alignment ?? 1;
  const digest = imitationDigest(
    modelId,
    gguf.files.map((_, file) => headerDigest(original, file)),
  );
  const table = originalTensors(gguf);
  checkTypes(name, table);
  const tensors = placeTensors(
    table.map(({ name: tensor, dims, type }) => ({ name: tensor, dims, type })),
    alignment,
  );
  const quantization = quantizationOf(gguf) ?? "mixed";
  const marks = markMetadata({ digest, model: modelId, quantization, headerOf: name });
  const header = encodeHeader([...copiedMetadata(original), ...marks], tensors, alignment);
  const dataBytes = tensors.reduce((sum, { bytes }) => sum + alignTo(bytes, alignment), 0);
  return {
    path: join(syntheticFolder(cacheDir), fileName(modelId, quantization, digest)),
    digest,
    header,
    tensors,
    contents: async (signal) => contents(original, table, signal),
    alignment,
    headerOf: name,
    tensorBytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
    dataBytes,
    fileBytes: header.length + dataBytes,
  };
}

function headerDigest(original: Original, file: number): string {
  return createHash("sha256").update(original.headerBytes(file)).digest("hex");
}

/** All but what says how the file was split, and the marks of a synthetic original. */
function copiedMetadata(original: Original): MetadataEntry[] {
  const bytes = original.headerBytes(0);
  const spans = original.gguf.files[0]?.entrySpans ?? new Map<string, readonly [number, number]>();
  return [...spans]
    .filter(([key]) => !key.startsWith("split.") && !isMark(key))
    .map(([key, [start, end]]) => ({ key, type: "copied", value: bytes.subarray(start, end) }));
}

function checkTypes(name: string, tensors: readonly OriginalTensor[]): void {
  const unknown = tensors.find(({ type, bytes }) => bytes >= copiedBytes && !canFill(type));
  if (unknown === undefined) return;
  throw new LlmbenchError(
    "input",
    `${name}: tensor ${unknown.name} is of type ${unknown.type}, for which llmbench makes no weights; measure the file itself`,
  );
}

async function contents(
  original: Original,
  table: readonly OriginalTensor[],
  signal: AbortSignal | undefined,
): Promise<readonly TensorContent[]> {
  const small = table.filter(({ bytes }) => bytes < copiedBytes);
  const read = await original.readTensors(small, signal);
  const copied = new Map(small.map((tensor, index) => [tensor, read[index]]));
  return table.map((tensor) => {
    const bytes = copied.get(tensor);
    return bytes === undefined ? randomContent(tensor) : { kind: "bytes", bytes };
  });
}

/** As wide as keeps the output's variance that of the input, whatever the tensor is for. */
function randomContent({ type, dims }: PlacedTensor): TensorContent {
  const [inputs = 1] = dims;
  const blocks = elementsOf(dims) / ggmlTypes[type].blockSize;
  return { kind: "random", type, blocks, deviation: 1 / Math.sqrt(inputs) };
}

function fileName(modelId: string, quantization: string, digest: string): string {
  const id = modelId.replaceAll(/[^\w.-]/g, "-");
  return `${id}.${quantization}.imitation-${digest.slice(0, 12)}.gguf`;
}
