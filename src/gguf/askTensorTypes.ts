/** Which type each tensor of a quantized model has: llama.cpp is asked, so that its mixes need not be copied. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelShape } from "./modelShape.ts";
import type { Quantization } from "./quantizations.ts";
import { writeSparseFile } from "./sparseFile.ts";
import { tensorTable } from "./tensorTable.ts";
import type { TensorTypes } from "./tensorTable.ts";

/** llama.cpp's answer for a GGUF file whose data is a hole: the types that quantizing it would give. */
export type AskTensorTypes = (
  sparseGgufPath: string,
  quantization: Quantization,
) => Promise<TensorTypes>;

/**
 * Asks about a shape, by way of a sparse F16 file in the system's temporary folder.
 *
 * @throws RangeError where the answer leaves tensors out.
 */
export async function askAboutShape(
  shape: ModelShape,
  quantization: Quantization,
  ask: AskTensorTypes,
): Promise<TensorTypes> {
  const folder = await mkdtemp(join(tmpdir(), "llmbench-types-"));
  try {
    const path = join(folder, "sparse.gguf");
    writeSparseFile(path, { shape, quantization: "f16" });
    const types = await ask(path, quantization);
    const missing = tensorTable(shape).find(({ name }) => !types.has(name));
    if (missing) throw new RangeError(`llama.cpp named no type for tensor ${missing.name}`);
    return types;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
