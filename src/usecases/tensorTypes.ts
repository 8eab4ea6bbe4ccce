/** An engine's answers about tensor types: kept ones from the cache, new ones from an engine that starts when needed. */
import { enginePackage } from "../base/version.ts";
import type { Engine } from "../engines/engine.ts";
import type { Quantization } from "../gguf/quantizations.ts";
import type { ModelShape } from "../gguf/modelShape.ts";
import { cacheFolder } from "../base/cacheFolder.ts";
import type { TensorTypesQuestion } from "../models/syntheticTypes.ts";

export class TensorTypeQuestions {
  private engine: Promise<Engine> | undefined;

  question(shape: ModelShape, quantization: Quantization): TensorTypesQuestion {
    return {
      shape,
      quantization,
      cacheDir: cacheFolder(),
      engineVersion: enginePackage(),
      ask: async (path, asked) => {
        this.engine ??= start();
        const { tensorTypes } = await this.engine;
        if (tensorTypes === undefined) throw new Error("the usual engine tells tensor types");
        return tensorTypes(path, asked);
      },
    };
  }

  async close(): Promise<void> {
    const engine = await this.engine?.catch(() => undefined);
    await engine?.close();
  }
}

/** Most answers are kept: what starts an engine is loaded when one is needed. */
async function start(): Promise<Engine> {
  const { engineRow, usualEngine } = await import("../engines/registry.ts");
  return engineRow(usualEngine).start({ device: "cpu", own: {} });
}
