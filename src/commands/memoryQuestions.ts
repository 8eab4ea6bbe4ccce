/** A child process that llama.cpp answers from, started at the first question. */
import { askMemoryOf } from "../fit/engineBuffers.ts";
import type { AskCompute } from "../fit/judgeAsking.ts";
import type { FitSettings } from "../fit/memorySettings.ts";
import { ChildFailure } from "../llamacpp/childFailure.ts";
import { LlamaChild } from "../llamacpp/llamaChild.ts";
import type { DeviceChoice } from "../suite/caseSettings.ts";

export class MemoryQuestions implements AsyncDisposable {
  private readonly device: DeviceChoice;
  private child: LlamaChild | undefined;

  constructor(device: DeviceChoice) {
    this.device = device;
  }

  about(path: string, settings: FitSettings): AskCompute {
    return async ({ gpuLayers, nCtx }) => {
      this.child ??= new LlamaChild(this.device);
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
