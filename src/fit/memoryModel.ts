/** What memory prediction needs of a model: its shape, and its tensors in the order of its files. */
import type { ModelShape } from "../gguf/modelShape.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import { fileOrder, layerOf, type TensorTypes } from "../gguf/tensorTable.ts";
import { placeTensors, type PlacedTensor } from "../gguf/writeHeader.ts";

export interface FileTensor extends PlacedTensor {
  /** Which file of a split model, from 0; `offset` counts from its data. */
  readonly file: number;
  /** The transformer block it belongs to, -1 for the others. */
  readonly layer: number;
}

export interface MemoryModel {
  readonly shape: ModelShape;
  /** False where `shape` only resembles the file's architecture: weights are exact then, the rest is an estimate. */
  readonly known: boolean;
  /** Those that are loaded. */
  readonly tensors: readonly FileTensor[];
  /** Tensor data alone, as the CSV's `weights_bytes`. */
  readonly weightsBytes: number;
}

export function memoryModel(
  shape: ModelShape,
  known: boolean,
  files: readonly (readonly PlacedTensor[])[],
): MemoryModel {
  const all = files.flatMap((placed, file) =>
    placed.map(({ name, dims, type, offset, bytes }) => ({
      name,
      dims,
      type,
      offset,
      bytes,
      file,
      layer: layerOf(name),
    })),
  );
  return {
    shape,
    known,
    // Layers behind the last predict further tokens, and are not loaded.
    tensors: all.filter(({ layer }) => layer < shape.n_layers),
    weightsBytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/**
 * A model that is described, as a file of it would be: floats in the converter's order, all else as llama-quantize
 * sorts it.
 *
 * @throws RangeError where a tensor has no type.
 */
export function describedMemoryModel(
  shape: ModelShape,
  quantization: Quantization,
  types: TensorTypes,
): MemoryModel {
  const typed = fileOrder(shape, quantization).map(({ name, dims }) => {
    const type = types.get(name);
    if (type === undefined) throw new RangeError(`no type for tensor ${name}`);
    return { name, dims, type };
  });
  return memoryModel(shape, true, [placeTensors(typed)]);
}
