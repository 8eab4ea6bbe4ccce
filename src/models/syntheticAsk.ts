/** Asks an engine's child process for tensor types. */
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import { parseQuantizationLog } from "../gguf/quantizationLog.ts";
import { quantizations } from "../gguf/quantizations.ts";
import type { LlamaChild } from "../llamacpp/llamaChild.ts";

/** The dry run takes some 20 ms; a child can be asked about any number of shapes, one after the other. */
export function askThrough(child: Pick<LlamaChild, "request">): AskTensorTypes {
  return async (path, quantization) => {
    const { log } = await child.request({
      type: "tensor-types",
      path,
      ftype: quantizations[quantization].fileType,
    });
    return parseQuantizationLog(log);
  };
}
