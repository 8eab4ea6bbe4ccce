import { ftruncateSync, openSync, closeSync, writeSync } from "node:fs";
import { modelMetadata } from "../../src/gguf/modelMetadata.ts";
import type { ModelShape } from "../../src/gguf/modelShape.ts";
import type { Quantization } from "../../src/gguf/quantizations.ts";
import { tensorTable } from "../../src/gguf/tensorTable.ts";
import { encodeHeader, placeTensors } from "../../src/gguf/writeHeader.ts";

/** A .gguf with a whole header and a hole for tensor data: all that telling a model needs. */
export function writeHeaderFile(
  path: string,
  shape: ModelShape,
  name: string,
  quantization: Quantization = "q4_0",
): string {
  const tensors = placeTensors(
    tensorTable(shape).map(({ name: tensor, dims }) => ({
      name: tensor,
      dims,
      type: "f16" as const,
    })),
  );
  const header = encodeHeader(modelMetadata(shape, quantization, name), tensors);
  const last = tensors.at(-1);
  const file = openSync(path, "w");
  writeSync(file, header);
  ftruncateSync(file, header.length + (last === undefined ? 0 : last.offset + last.bytes));
  closeSync(file);
  return path;
}
