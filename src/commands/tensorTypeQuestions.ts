/** llama.cpp's answers about tensor types: kept ones from the cache, new ones from a child that starts when needed. */
import { enginePackage } from "../base/version.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import type { LlamaChild } from "../llamacpp/llamaChild.ts";
import { cacheFolder } from "../models/cacheFolder.ts";
import { askThrough } from "../models/syntheticAsk.ts";
import type { TensorTypesQuestion } from "../models/syntheticTypes.ts";

/** Most answers are kept: what starts a child is loaded when one is needed. */
async function newChild(): Promise<LlamaChild> {
  const { LlamaChild } = await import("../llamacpp/llamaChild.ts");
  return new LlamaChild("cpu");
}

export class TensorTypeQuestions {
  private child: LlamaChild | undefined;

  question(shape: ModelShape, quantization: Quantization): TensorTypesQuestion {
    return {
      shape,
      quantization,
      cacheDir: cacheFolder(),
      engineVersion: enginePackage(),
      ask: async (path, asked) => {
        this.child ??= await newChild();
        return askThrough(this.child)(path, asked);
      },
    };
  }

  async close(): Promise<void> {
    await this.child?.close();
  }
}
