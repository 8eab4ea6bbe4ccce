/** Asks an engine's child process for tensor types. */
import pLimit from "p-limit";
import type { AskTensorTypes } from "../../gguf/askTensorTypes.ts";
import { parseQuantizationLog } from "../../gguf/quantizationLog.ts";
import { quantizations } from "../../gguf/quantizations.ts";
import type { LlamaChild } from "./llamaChild.ts";

/** The dry run takes some 20 ms. Questions wait for each other: a child answers one at a time. */
export function askThrough(child: Pick<LlamaChild, "request">): AskTensorTypes {
  const inTurn = pLimit(1);
  return (path, quantization) =>
    inTurn(async () => {
      const { log } = await child.request({
        type: "tensor-types",
        path,
        ftype: quantizations[quantization].fileType,
      });
      return parseQuantizationLog(log);
    });
}
