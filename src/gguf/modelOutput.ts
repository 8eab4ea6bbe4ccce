/**
 * What a model computes for a case: some architectures of llama.cpp have no logits to choose a token from, and of those some
 * have embeddings (src/models, v0.4.0).
 */
import type { CaseSettings } from "../bench/settings.ts";
import { generatedTokens, promptTokens } from "../bench/workload.ts";
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
  eagle3: drafts,
  dflash: drafts,
  "gemma4-assistant": drafts,
};

/**
 * @throws LlmbenchError `input` with the reason, for a model that generates nothing; of one that embeds, for a case that asks
 * for more than embeddings of a prompt.
 */
export function requireOutput(
  name: string,
  header: HeaderFacts,
  { workload, context }: CaseSettings,
): void {
  const reason = reasons[architectureOf(header) ?? ""];
  if (reason === undefined) return;
  if (reason !== embeds) throw new LlmbenchError("input", `${name}: ${reason}`);
  const wayOut = wayOutOf(workload, context);
  if (wayOut !== null) throw new LlmbenchError("input", `${name}: ${reason}; ${wayOut}`);
}

/** Null where nothing but a prompt is asked for, which an encoder reads at once (llama_context::encode, v0.4.0). */
function wayOutOf(workload: CaseSettings["workload"], context: CaseSettings["context"]) {
  if (!context.embeddings) return "measure its prompts with --embeddings 1 --n-gen 0";
  if (generatedTokens(workload) > 0) return "use --n-gen 0, and no --pg";
  if (workload.depth > 0) return "use --n-depth 0";
  const tokens = Math.min(promptTokens(workload), context.nBatch);
  return tokens <= context.nUbatch
    ? null
    : `it reads a prompt at once: use --ubatch-size ${tokens}, or a shorter --n-prompt`;
}
