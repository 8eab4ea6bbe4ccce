/** llama.cpp's answers about tensor types: kept ones from the cache, new ones from a child that starts when needed. */
import { enginePackage } from "../base/version.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { AskTensorTypes } from "../gguf/askTensorTypes.ts";
import type { LlamaChild } from "../llamacpp/llamaChild.ts";
import { cacheFolder } from "../models/cacheFolder.ts";
import type { TensorTypesQuestion } from "../models/syntheticTypes.ts";

export class TensorTypeQuestions {
  private child: LlamaChild | undefined;
  private asked: Promise<AskTensorTypes> | undefined;

  question(shape: ModelShape, quantization: Quantization): TensorTypesQuestion {
    return {
      shape,
      quantization,
      cacheDir: cacheFolder(),
      engineVersion: enginePackage(),
      ask: async (path, asked) => {
        this.asked ??= this.start();
        return (await this.asked)(path, asked);
      },
    };
  }

  /** Most answers are kept: what starts a child is loaded when one is needed. */
  private async start(): Promise<AskTensorTypes> {
    const { LlamaChild } = await import("../llamacpp/llamaChild.ts");
    const { askThrough } = await import("../models/syntheticAsk.ts");
    this.child = new LlamaChild("cpu");
    return askThrough(this.child);
  }

  async close(): Promise<void> {
    await this.child?.close();
  }
}
