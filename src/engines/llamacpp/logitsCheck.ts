/** Proof that a repetition computed something: logits that are finite, spread out, and not those of the one before. */
import koffi from "koffi";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { Pointer } from "./structs.ts";

const float32Bytes = 4;

export class LogitsCheck {
  private previous: Float32Array | null = null;
  private readonly engine: Engine;
  private readonly context: Pointer;
  private readonly vocabulary: number;

  constructor(engine: Engine, context: Pointer, vocabulary: number) {
    this.engine = engine;
    this.context = context;
    this.vocabulary = vocabulary;
  }

  /**
   * @param tokensDiffer whether this repetition's tokens were others than those of the one before
   * @throws {EngineFailure} at `work`.
   */
  inspect(repetition: number, tokensDiffer: boolean): void {
    const pointer = this.engine.api.logitsOf(this.context, -1);
    if (pointer === null) this.refuse(repetition, "no logits");
    const logits = new Float32Array(koffi.view(pointer, this.vocabulary * float32Bytes)).slice();
    let [low, high] = [Infinity, -Infinity];
    for (const logit of logits) {
      if (!Number.isFinite(logit)) this.refuse(repetition, "logits that are not finite");
      low = Math.min(low, logit);
      high = Math.max(high, logit);
    }
    if (low === high) this.refuse(repetition, "logits that are all the same");
    const { previous } = this;
    if (
      tokensDiffer &&
      previous !== null &&
      logits.every((logit, index) => logit === previous[index])
    ) {
      this.refuse(repetition, "the logits of the repetition before, though its tokens differ");
    }
    this.previous = logits;
  }

  private refuse(repetition: number, what: string): never {
    throw new EngineFailure("work", `repetition ${repetition} left ${what}`);
  }
}
