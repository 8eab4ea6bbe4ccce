/** What is drawn from: a loaded model's tokens. */
import type { Engine } from "./engine.ts";
import type { Pointer } from "./structs.ts";

export interface Vocabulary {
  readonly size: number;
  /** Null where the model adds none. */
  readonly bos: number | null;
}

export function vocabularyOf({ api }: Engine, model: Pointer): Vocabulary {
  const vocabulary = api.modelVocab(model);
  return {
    size: api.vocabTokens(vocabulary),
    bos: api.vocabAddsBos(vocabulary) ? api.vocabBos(vocabulary) : null,
  };
}
