/**
 * The smallest vocabulary that llama.cpp tokenizes any bytes with: SentencePiece's three special tokens, a token for each
 * byte, and fillers up to the model's n_vocab. Byte fallback finds the byte tokens by their names (src/llama-vocab.cpp,
 * v0.4.0). It is the same for every architecture, since what a benchmark feeds is random token ids; only whether a prompt
 * begins with BOS is the model family's.
 */
import { LlmbenchError } from "../errors.ts";
import { traitsOf } from "./architectures.ts";
import type { ModelShape } from "./modelShape.ts";
import type { MetadataEntry } from "./writeHeader.ts";

/** enum llama_token_type, include/llama.h. */
const tokenType = { unknown: 2, control: 3, unused: 5, byte: 6 } as const;

const specialTokens = ["<unk>", "<s>", "</s>"] as const;
const specialTypes = [tokenType.unknown, tokenType.control, tokenType.control];
const byteTokens = Array.from(
  { length: 256 },
  (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`,
);

/** Special and byte tokens. */
const smallestVocabulary = specialTokens.length + byteTokens.length;

/** Metadata of the vocabulary. @throws LlmbenchError (`config`) where n_vocab can't hold the byte tokens. */
export function vocabularyMetadata({
  architecture,
  n_vocab,
}: Pick<ModelShape, "architecture" | "n_vocab">): MetadataEntry[] {
  const fillers = n_vocab - smallestVocabulary;
  if (fillers < 0) {
    throw new LlmbenchError(
      "config",
      `n_vocab: expected at least ${smallestVocabulary} (special and byte tokens), got ${n_vocab}`,
    );
  }
  const fillerTokens = Array.from({ length: fillers }, (_, i) => `<f${i.toString(36)}>`);
  return [
    { key: "tokenizer.ggml.model", type: "string", value: "llama" },
    {
      key: "tokenizer.ggml.tokens",
      type: "string[]",
      value: [...specialTokens, ...byteTokens, ...fillerTokens],
    },
    {
      key: "tokenizer.ggml.token_type",
      type: "i32[]",
      value: [
        ...specialTypes,
        ...byteTokens.map(() => tokenType.byte),
        ...fillerTokens.map(() => tokenType.unused),
      ],
    },
    { key: "tokenizer.ggml.unknown_token_id", type: "u32", value: 0 },
    { key: "tokenizer.ggml.bos_token_id", type: "u32", value: 1 },
    { key: "tokenizer.ggml.eos_token_id", type: "u32", value: 2 },
    { key: "tokenizer.ggml.add_bos_token", type: "bool", value: traitsOf(architecture).addsBos },
    { key: "tokenizer.ggml.add_eos_token", type: "bool", value: false },
  ];
}
