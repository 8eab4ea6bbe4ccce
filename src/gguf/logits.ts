/** Whether a model generates: some architectures of llama.cpp have no logits to choose a token from (src/models, v0.4.0). */
import { LlmbenchError } from "../errors.ts";
import { architectureOf, type HeaderFacts } from "./headerFacts.ts";

const embeds = "an embedding model: it has no logits to generate from";
const drafts = "a draft model: it only runs beside the model that it drafts for";

/** Graphs without `t_logits`, and those that need another model's context or an encoder's output. */
const reasons: Readonly<Record<string, string>> = {
  bert: embeds,
  "modern-bert": embeds,
  "nomic-bert": embeds,
  "nomic-bert-moe": embeds,
  "neo-bert": embeds,
  "jina-bert-v2": embeds,
  "jina-bert-v3": embeds,
  eurobert: embeds,
  "gemma-embedding": embeds,
  "llama-embed": embeds,
  t5encoder: embeds,
  t5: "an encoder-decoder model: it generates from what an encoder has read, which llmbench doesn't run",
  "wavtokenizer-dec": "a vocoder: it makes sound of tokens, and has no logits to generate from",
  clip: "a projector of images: it has no logits to generate from",
  eagle3: drafts,
  dflash: drafts,
  "gemma4-assistant": drafts,
};

/** @throws LlmbenchError (`input`) with the reason, for a model that generates nothing */
export function requireLogits(name: string, header: HeaderFacts): void {
  const reason = reasons[architectureOf(header) ?? ""];
  if (reason !== undefined) throw new LlmbenchError("input", `${name}: ${reason}`);
}
