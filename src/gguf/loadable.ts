/**
 * Whether llama.cpp takes a file for a model, as far as every model's header tells (llama_model_load, src/llama.cpp;
 * llama_model_base::load_hparams, src/llama-model.cpp; llama_vocab::impl::load, src/llama-vocab.cpp, v0.4.0). What single
 * architectures ask for beyond it llama.cpp itself tells.
 */
import { LlmbenchError } from "../errors.ts";
import { ArchitectureKeys } from "./architectureKeys.ts";
import { isArchitecture } from "./architectures.ts";
import { architectureOf, metadataText, type HeaderFacts } from "./headerFacts.ts";
import { llamaCppArchitectures, llamaCppRelease } from "./llamaCppArchitectures.ts";

/** @throws LlmbenchError `input` with the reason, for a file that llama.cpp would refuse. */
export function requireLoadable(name: string, header: HeaderFacts): void {
  const reason = refusalOf(header);
  if (reason !== null) throw new LlmbenchError("input", `${name}: ${reason}`);
}

/** A refusal in llama.cpp's own words, or in those of the rule that it goes by. */
export function refusedBecause(reason: string): string {
  return `llama.cpp ${llamaCppRelease} refuses it: ${reason}; get a file that was made for this release`;
}

function refusalOf(header: HeaderFacts): string | null {
  return otherFile(header) ?? unknownArchitecture(header) ?? brokenRule(header);
}

/** Files beside a model, by what they say of themselves (`general.type`: GGUFType, gguf-py/gguf/constants.py, v0.4.0). */
const otherTypes: Readonly<Record<string, string>> = {
  adapter: "a LoRA adapter, which is added to a model",
  imatrix: "an importance matrix, which is for quantizing a model",
  mmproj: "a projector of images or sound, which goes with a model",
};

/** The same by `general.architecture`, of files that state no type. */
const otherArchitectures: Readonly<Record<string, string>> = {
  clip: otherTypes["mmproj"] ?? "",
  controlvector: "a control vector, which is added to a model",
};

function otherFile(header: HeaderFacts): string | null {
  const ofType = otherTypes[metadataText(header, "general.type") ?? ""];
  const what = ofType ?? otherArchitectures[architectureOf(header) ?? ""];
  if (what !== undefined) return `it is ${what}; name the model's own file`;
  if (header.tensors.length > 0) return null;
  return "it holds a vocabulary and no weights; name a file with the model's tensors";
}

function unknownArchitecture(header: HeaderFacts): string | null {
  const architecture = architectureOf(header);
  if (architecture === undefined) return refusedBecause("it states no general.architecture");
  if (llamaCppArchitectures.has(architecture)) return null;
  return `llama.cpp ${llamaCppRelease}, which llmbench measures with, doesn't know its architecture ${JSON.stringify(architecture)} and refuses it; a later release of llmbench may know it`;
}

/** In the order in which llama.cpp meets them. */
const rules: readonly ((header: KnownHeader) => string | null)[] = [
  lackingKey,
  impossibleCounts,
  otherLengths,
  otherRotation,
  lackingVocabulary,
  otherEmbeddings,
];

interface KnownHeader extends HeaderFacts {
  readonly architecture: string;
  readonly keys: ArchitectureKeys;
}

function brokenRule(header: HeaderFacts): string | null {
  const architecture = architectureOf(header) ?? "";
  const known = {
    ...header,
    architecture,
    keys: new ArchitectureKeys(header.metadata, architecture),
  };
  for (const rule of rules) {
    const reason = rule(known);
    if (reason !== null) return refusedBecause(reason);
  }
  return null;
}

function lackingKey({ architecture, keys }: KnownHeader): string | null {
  const required = ["context_length", "embedding_length", "block_count"];
  const missing = required.find((key) => keys.number(key) === undefined);
  return missing === undefined ? null : `its header lacks ${architecture}.${missing}`;
}

/** LLAMA_MAX_LAYERS and LLAMA_MAX_EXPERTS, src/llama-hparams.h. */
const most = { layers: 512, experts: 1024 } as const;

function impossibleCounts({ architecture, keys }: KnownHeader): string | null {
  const stated = (key: string, value: number) => `it states ${architecture}.${key} ${value}`;
  const layers = keys.number("block_count") ?? 0;
  if (layers < 1 || layers > most.layers)
    return `${stated("block_count", layers)}, and llama.cpp takes 1 to ${most.layers}`;
  const further = keys.number("nextn_predict_layers") ?? 0;
  if (further > layers) return `${stated("nextn_predict_layers", further)} of ${layers} layers`;
  const experts = keys.number("expert_count") ?? 0;
  if (experts > most.experts)
    return `${stated("expert_count", experts)}, and llama.cpp takes up to ${most.experts}`;
  // Models of Hunyuan with one expert have none (load_hparams).
  if (architecture.startsWith("hunyuan") && experts <= 1) return null;
  const used = Math.max(0, ...(keys.perLayer("expert_used_count", layers) ?? []));
  if (used > experts || (experts > 0 && used === 0))
    return `${stated("expert_used_count", used)} of ${experts} experts`;
  return null;
}

/** Lists of a value for each layer have one for each. */
function otherLengths({ architecture, keys, metadata }: KnownHeader): string | null {
  const layers = keys.number("block_count") ?? 0;
  for (const key of [
    "expert_used_count",
    "feed_forward_length",
    "attention.head_count",
    "attention.head_count_kv",
  ]) {
    const value = metadata.get(`${architecture}.${key}`);
    if (typeof value === "object" && value.length !== layers)
      return `${architecture}.${key} has ${value.length} values for ${layers} layers`;
  }
  return null;
}

/** Architectures whose heads are turned as a whole (load_hparams). */
const turnedWhole: ReadonlySet<string> = new Set(["llama", "deci", "falcon", "llama-embed"]);

function otherRotation({ architecture, keys }: KnownHeader): string | null {
  const [heads = 0] = keys.perLayer("attention.head_count", 1) ?? [];
  if (!turnedWhole.has(architecture) || heads === 0) return null;
  const size =
    keys.number("attention.key_length") ??
    Math.floor((keys.number("embedding_length") ?? 0) / heads);
  const turned = keys.number("rope.dimension_count") ?? size;
  return turned === size
    ? null
    : `it states ${architecture}.rope.dimension_count ${turned} for heads of ${size} elements`;
}

/** `tokenizer.ggml.model` of vocabularies that have no tokens, and of those that llama.cpp reads. */
const withoutTokens: ReadonlySet<string> = new Set(["no_vocab", "none"]);
const tokenizers: ReadonlySet<string> = new Set(
  "llama bert gpt2 hybriddna whitespace t5 rwkv plamo2 gemma4".split(" "),
);
const merging: ReadonlySet<string> = new Set("gpt2 hybriddna whitespace gemma4".split(" "));

function lackingVocabulary(header: KnownHeader): string | null {
  const tokenizer = metadataText(header, "tokenizer.ggml.model");
  if (tokenizer === undefined) return "its header lacks a vocabulary (tokenizer.ggml.model)";
  if (withoutTokens.has(tokenizer)) return null;
  if (!tokenizers.has(tokenizer)) return `its tokenizer ${JSON.stringify(tokenizer)} is unknown`;
  const { metadata } = header;
  const byMerges =
    merging.has(tokenizer) && metadataText(header, "tokenizer.ggml.pre") !== "kimi-k2";
  if (byMerges && !metadata.has("tokenizer.ggml.merges"))
    return "its header lacks the merges of its tokens (tokenizer.ggml.merges)";
  return metadata.has("tokenizer.ggml.tokens")
    ? null
    : "its header lacks tokens (tokenizer.ggml.tokens)";
}

/** Of the architectures whose tensors llmbench knows: an embedding for each token, as wide as the layers. */
function otherEmbeddings({ architecture, keys, metadata, tensors }: KnownHeader): string | null {
  if (!isArchitecture(architecture)) return null;
  const name = "token_embd.weight";
  const dims = tensors.find((tensor) => tensor.name === name)?.dims;
  if (dims === undefined) return `it lacks the tensor ${name}`;
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const count = typeof tokens === "object" ? tokens.length : (keys.number("vocab_size") ?? 0);
  const expected = [keys.number("embedding_length") ?? 0, count];
  return dims.join() === expected.join()
    ? null
    : `its tensor ${name} is ${dims.join(" × ")}, and its header tells ${expected.join(" × ")}`;
}
