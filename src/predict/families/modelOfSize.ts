/** A family's model whose weights take so many bytes: what memory and speed are predicted of between the models that there are. */
import { sumOf } from "../../base/sumOf.ts";
import { memoryModel, shapeLayers, type MemoryModel } from "../../fit/memoryModel.ts";
import { elementsOf } from "../../gguf/ggmlTypes.ts";
import { alignTo, defaultAlignment, tensorTable } from "../../gguf/tensorTable.ts";
import { usualBitsPerWeight, type FamilyName } from "./families.ts";
import { shapeOfSize } from "./shapeOfSize.ts";

/**
 * All tensors have the bits of the average weight: against llama.cpp's own types, predictions of the catalogue's dense
 * models change by at most 1.4% at 4 bits (modelOfRecord.ts).
 *
 * @param weightsBytes of all tensors together
 */
export function modelOfSize(
  family: FamilyName,
  weightsBytes: number,
  bitsPerWeight = usualBitsPerWeight,
): MemoryModel {
  const shape = shapeOfSize(family, (weightsBytes * 8) / bitsPerWeight);
  const table = tensorTable(shape);
  const bytesPerElement = weightsBytes / sumOf(table, ({ dims }) => elementsOf(dims));
  let offset = 0;
  const placed = table.map(({ name, dims, role }) => {
    const bytes = Math.round(elementsOf(dims) * bytesPerElement);
    const tensor = { name, dims, type: role === "matrix" ? "q4_K" : "f32", offset, bytes } as const;
    offset += alignTo(bytes, defaultAlignment);
    return tensor;
  });
  return memoryModel(shape, [placed], shapeLayers(shape), null);
}
