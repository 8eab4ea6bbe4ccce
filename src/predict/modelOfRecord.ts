/** The model behind a row, as far as the row and the catalogue tell: shape, tensors, and what each of them weighs. */
import { getOrMake } from "../base/getOrMake.ts";
import { sumOf } from "../base/sumOf.ts";
import type { CaseRecord } from "../bench/record.ts";
import { shapeLayers, type MemoryModel } from "../fit/memoryModel.ts";
import { elementsOf } from "../gguf/ggmlTypes.ts";
import { isOfExperts, tensorTable } from "../gguf/tensorTable.ts";
import type { ReadModel } from "./readModel.ts";
import { shapeOfModel } from "./shapeOfModel.ts";

const known = new Map<string, ReadModel | null>();

/** Of files whose headers were read in this process. */
const told = new Map<string, MemoryModel>();

/** Null for models of which nobody told, and for rows without weights. Of many rows of one file each asks again. */
export function modelOfRecord({ model, memory }: CaseRecord): ReadModel | null {
  const { weightsBytes } = memory;
  if (weightsBytes === null) return null;
  const { id, quantization } = model;
  const found = getOrMake(known, `${id} ${quantization} ${weightsBytes}`, () =>
    weighedModel(id, quantization, weightsBytes),
  );
  if (found !== null) return found;
  const own = told.get(`${id} ${quantization}`);
  return own !== undefined && isWeight(weightsBytes, own) ? own : null;
}

/** What rows of a model that the catalogue doesn't know are of: a row's name alone tells neither experts nor layers. */
export function tellModel(id: string, quantization: string | null, model: MemoryModel): void {
  told.set(`${id} ${quantization}`, model);
}

/** llama.cpp doesn't count layers that it doesn't load. */
const uncounted = 0.05;

function isWeight(bytes: number, { weightsBytes }: MemoryModel): boolean {
  return Math.abs(bytes / weightsBytes - 1) < uncounted;
}

/** Bytes an element of what is no expert in a file of experts at 4 bits: Q8_0 (llama_ftype MXFP4_MOE, v0.4.0). */
const besideExperts = 34 / 32;

/**
 * A row tells the sum of all tensors' bytes. They are shared out as if all had the bits of the average weight, which
 * against llama.cpp's own types for the catalogue's dense models is off by at most 1.4% at 4 bits and more, by 3.1% below.
 */
function weighedModel(
  id: string,
  quantization: string | null,
  weightsBytes: number,
): ReadModel | null {
  const shape = shapeOfModel(id);
  if (shape === undefined) return null;
  const table = tensorTable(shape).map(({ name, dims }) => ({
    name,
    dims,
    elements: elementsOf(dims),
  }));
  const all = sumOf(table, ({ elements }) => elements);
  const ofExperts = sumOf(table, ({ name, elements }) => (isOfExperts(name) ? elements : 0));
  const average = weightsBytes / all;
  const rest = (weightsBytes - (all - ofExperts) * besideExperts) / ofExperts;
  const mixed = quantization?.startsWith("mxfp4") === true && ofExperts > 0 && rest > 0;
  const bytesPer = (name: string) => {
    if (!mixed) return average;
    return isOfExperts(name) ? rest : besideExperts;
  };
  return {
    ...shapeLayers(shape),
    tensors: table.map(({ name, dims, elements }) => ({
      name,
      dims,
      bytes: elements * bytesPer(name),
    })),
  };
}
