/**
 * Reads llama.cpp's own choice of tensor types off the log of a dry run of `llama_model_quantize`, whose lines are
 * `[ 1/ 723] output.weight - [ 8192, 32000, 1, 1], type = f16, size = 500.00 MiB -> 205.08 MiB (q6_K)`;
 * a tensor that keeps its type has no arrow (llama_model_quantize_impl, src/llama-quant.cpp, v0.4.0).
 */
import { isGgmlTypeName } from "./ggmlTypes.ts";
import type { GgmlTypeName } from "./ggmlTypes.ts";
import type { TensorTypes } from "./tensorTable.ts";

const line =
  /^\[\s*\d+\/\s*\d+\] (?<name>\S+)\s+- \[[\d, ]*\], type =\s*(?<kept>\w+), size =\s*[\d.]+ MiB(?: ->\s*[\d.]+ MiB \((?<chosen>\w+)\))?$/u;

/** Types by tensor name, in the log's order. @throws RangeError for a type that ggml v0.4.0 doesn't have. */
export function parseQuantizationLog(log: readonly string[]): TensorTypes {
  const types = new Map<string, GgmlTypeName>();
  for (const text of log) {
    const groups = line.exec(text.trimEnd())?.groups;
    if (groups === undefined) continue;
    const type = groups["chosen"] ?? groups["kept"] ?? "";
    if (!isGgmlTypeName(type))
      throw new RangeError(`unknown ggml type in llama.cpp's log: ${text}`);
    types.set(groups["name"] ?? "", type);
  }
  return types;
}
