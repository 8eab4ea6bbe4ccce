/** Weights that an engine draws itself, for a shape: nothing is written, found or loaded. */
import { digestOf } from "../../base/digest.ts";
import type { ModelShape } from "../../gguf/modelShape.ts";
import type { Weights } from "./weights.ts";

const identityDigits = 16;

export class DrawnWeights implements Weights {
  readonly kind = "synthetic";
  readonly content = "synthetic";
  readonly headerOf = null;
  readonly identity: string;
  readonly opened: string;
  readonly files: readonly string[] = [];
  readonly found = null;
  readonly header = null;
  /** That depends on the case's precision. */
  readonly tensorBytes = null;
  readonly bytesToWrite = 0;

  constructor(modelId: string, shape: ModelShape) {
    this.identity = `drawn:${digestOf(shape, identityDigits)}`;
    this.opened = modelId;
  }

  async provide(): Promise<null> {
    return null;
  }

  async changed(): Promise<null> {
    return null;
  }

  differenceFrom(): string {
    return `${this.opened} has another shape than when the run began`;
  }
}
