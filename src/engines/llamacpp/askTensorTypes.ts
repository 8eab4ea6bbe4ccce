/** Asks an engine's child process for tensor types. */
import type { AskTensorTypes } from "../../gguf/askTensorTypes.ts";
import { parseQuantizationLog } from "../../gguf/quantizationLog.ts";
import { quantizations } from "../../gguf/quantizations.ts";
import type { LlamaChild } from "./llamaChild.ts";

/** The dry run takes some 20 ms. A child answers one question at a time. What it gives fails as {ChildFailure}. */
export function askThrough(child: Pick<LlamaChild, "request">): AskTensorTypes {
  return async (path, quantization) => {
    const { fileType: ftype } = quantizations[quantization];
    const { log } = await child.request({ type: "tensor-types", path, ftype });
    return parseQuantizationLog(log);
  };
}
