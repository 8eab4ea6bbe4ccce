/** Questions to llama.cpp about files, in one child process that is started at the first. */
import { ChildFailure } from "../llamacpp/childFailure.ts";
import { LlamaChild, type ChildOptions } from "../llamacpp/llamaChild.ts";
import type { EngineDeviceChoice } from "../llamacpp/protocol.ts";
import { askMemoryOf } from "./engineBuffers.ts";
import type { AskCompute } from "./judgeAsking.ts";
import type { FitSettings } from "./memorySettings.ts";

export class MemoryQuestions implements AsyncDisposable {
  private readonly device: EngineDeviceChoice;
  private readonly found: ChildOptions["found"];
  private child: LlamaChild | undefined;

  /** @param found by an earlier child for the same device */
  constructor(device: EngineDeviceChoice, found?: ChildOptions["found"]) {
    this.device = device;
    this.found = found;
  }

  /** @param path of a file; of a split model its first */
  about(path: string, settings: FitSettings): AskCompute {
    return async ({ gpuLayers, nCtx }) => {
      this.child ??= new LlamaChild(
        this.device,
        this.found === undefined ? {} : { found: this.found },
      );
      try {
        const asked = { ...settings, gpuLayers, nCtx };
        const { byPlace } = await askMemoryOf(this.child, path, asked, { allocate: false });
        return new Map([...byPlace].map(([place, { computeBytes }]) => [place, computeBytes]));
      } catch (error) {
        // llama.cpp doesn't load the file, or gave up on it: what is left is an estimate.
        if (!(error instanceof ChildFailure) || error.failure.kind === "aborted") throw error;
        return null;
      }
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.child?.close();
  }
}
