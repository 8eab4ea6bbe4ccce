/** Proof that a repetition computed something: an output that is finite, spread out, and not that of the one before. */
import koffi from "koffi";
import type { LlamaApi } from "./api.ts";
import type { Engine } from "./engine.ts";
import { EngineFailure } from "./engineFailure.ts";
import type { Pointer } from "./structs.ts";
import { vocabularyOf } from "./vocabulary.ts";

const float32Bytes = 4;

/** What the last token left: where and how many floats. */
interface Output {
  readonly name: "logits" | "embeddings";
  readonly length: number;
  readonly find: (context: Pointer) => Pointer | null;
}

export class OutputCheck {
  private previous: Float32Array | null = null;
  private readonly context: Pointer;
  private readonly output: Output;

  constructor(
    engine: Engine,
    model: Pointer,
    context: Pointer,
    { embeddings }: { readonly embeddings: boolean },
  ) {
    const { api } = engine;
    this.context = context;
    this.output = embeddings
      ? embeddingsOf(api, model)
      : { name: "logits", length: vocabularyOf(engine, model).size, find: lastOf(api.logitsOf) };
  }

  /**
   * @param tokensDiffer whether this repetition's tokens were others than those of the one before
   * @throws {EngineFailure} at `work`.
   */
  inspect(repetition: number, tokensDiffer: boolean): void {
    const { name, length, find } = this.output;
    const pointer = find(this.context);
    if (pointer === null) this.refuse(repetition, `no ${name}`);
    const values = new Float32Array(koffi.view(pointer, length * float32Bytes)).slice();
    let [low, high] = [Infinity, -Infinity];
    for (const value of values) {
      if (!Number.isFinite(value)) this.refuse(repetition, `${name} that are not finite`);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (low === high) this.refuse(repetition, `${name} that are all the same`);
    const { previous } = this;
    if (
      tokensDiffer &&
      previous !== null &&
      values.every((value, index) => value === previous[index])
    ) {
      this.refuse(repetition, `the ${name} of the repetition before, though its tokens differ`);
    }
    this.previous = values;
  }

  private refuse(repetition: number, what: string): never {
    throw new EngineFailure("work", `repetition ${repetition} left ${what}`);
  }
}

function lastOf(ask: (context: Pointer, output: number) => Pointer | null): Output["find"] {
  return (context) => ask(context, -1);
}

/** One of the sequence where the model pools them, else one of each token (llama_get_embeddings_ith, include/llama.h, v0.4.0). */
function embeddingsOf(api: LlamaApi, model: Pointer): Output {
  const ofToken = lastOf(api.embeddingsOf);
  return {
    name: "embeddings",
    length: api.modelEmbeddingSize(model),
    find: (context) => api.sequenceEmbeddings(context, 0) ?? ofToken(context),
  };
}
