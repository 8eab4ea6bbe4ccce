/** The shape of a model in a file, where its tensors are exactly those of an architecture that llmbench knows. */
import { isArchitecture, traitsOf, type Architecture } from "./architectures.ts";
import { ArchitectureKeys } from "./architectureKeys.ts";
import { architectureOf, type HeaderFacts } from "./headerFacts.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { ModelShape } from "./modelShape.ts";
import { hyperparameters } from "./readHyperparameters.ts";
import { recurrentOf } from "./recurrentOfHeader.ts";
import { modelShapeSchema } from "./shapeSchema.ts";
import { layerOf, tensorTable } from "./tensorTable.ts";

/** What the parts of a shape are read from. */
interface Header {
  readonly architecture: Architecture;
  readonly keys: ArchitectureKeys;
  readonly parameters: Hyperparameters;
  readonly dims: ReadonlyMap<string, readonly number[]>;
}

/**
 * Undefined for variants of known architectures and for all others. Layers that only predict further tokens, behind the
 * last one, are left out, as llama.cpp leaves them. A rope scaling of Llama 3.1 shows only as the presence of its tensor:
 * `llama3_scaling` carries its published values then, which decide neither sizes nor work; so does `proportional`. What
 * a model is scaled by is told where it takes a step of its own.
 */
export function shapeOf(header: HeaderFacts): ModelShape | undefined {
  const architecture = architectureOf(header) ?? "";
  if (!isArchitecture(architecture)) return undefined;
  const all = new Map(header.tensors.map((tensor) => [tensor.name, tensor.dims]));
  const parameters = hyperparameters(header.metadata, (name) => all.has(name));
  if (parameters === undefined) return undefined;
  const { trunkLayers } = parameters;
  const dims = new Map([...all].filter(([name]) => layerOf(name) < trunkLayers));
  const keys = new ArchitectureKeys(header.metadata, architecture);
  const parts = { architecture, keys, parameters, dims };
  if (choosesOtherwise(parts)) return undefined;
  const parsed = modelShapeSchema.safeParse(shapeParts(parts));
  return parsed.success && hasExactly(dims, parsed.data) ? parsed.data : undefined;
}

function shapeParts(header: Header): Record<keyof ModelShape, unknown> {
  const { architecture, keys, parameters, dims } = header;
  const { trunkLayers, embedding, headSizes, heads } = parameters;
  const latent = latentOf(header);
  const window = windowOf(header);
  const size =
    latent === undefined ? headSizes.key : (keys.number("attention.key_length_mla") ?? 0);
  return {
    architecture,
    n_layers: trunkLayers,
    n_embd: embedding,
    n_ff:
      leastOf(parameters.feedForward.slice(0, trunkLayers)) ??
      keys.number("expert_feed_forward_length"),
    n_heads: heads[0],
    n_kv_heads: kvHeadsWhere(
      parameters,
      (layer) => parameters.windowed[layer] !== true || window === undefined,
    ),
    head_size: size,
    n_vocab: dims.get("token_embd.weight")?.[1],
    n_ctx_train: keys.number("context_length"),
    tied_embeddings: !dims.has("output.weight"),
    norm_epsilon: keys.number("attention.layer_norm_rms_epsilon"),
    experts: expertsOf(header),
    sliding_window: window,
    values_are_keys: valuesAreKeys(header) ? true : undefined,
    shared_kv: sharedKvOf(header),
    per_layer_embedding: keys.number("embedding_length_per_layer_input") || undefined,
    latent,
    compressed: compressedOf(header),
    hyper_connections: streamsOf(header),
    indexer: indexerOf(header),
    query_key_norms:
      traitsOf(architecture).queryKeyNorms === undefined && dims.has("blk.0.attn_q_norm.weight")
        ? true
        : undefined,
    recurrent: recurrentOf(traitsOf(architecture).recurrent, parameters, keys),
    feed_forward_layers: feedForwardLayers(header),
    scales: scalesOf(header),
    logit_softcap: undefined,
    rope: ropeOf(header, latent === undefined ? size : undefined),
  };
}

function ropeOf(
  { architecture, keys, dims }: Header,
  usual: number | undefined,
): Record<string, unknown> {
  const turned = keys.number("rope.dimension_count");
  const factors = dims.has("rope_freqs.weight");
  const sections = keys.list("rope.dimension_sections")?.slice(0, 3);
  return {
    // llama.cpp's value where a file states none (src/llama-model.cpp, load_hparams).
    freq_base: keys.number("rope.freq_base") ?? 10_000,
    window_freq_base: keys.number("rope.freq_base_swa"),
    dimensions: turned === usual ? undefined : turned,
    proportional: factors && architecture === "gemma4" ? proportionalShare : undefined,
    llama3_scaling: factors && architecture !== "gemma4" ? llama31Scaling : undefined,
    sections,
  };
}

/** Of a mixture of experts: undefined for dense models and headers that don't tell. */
function expertsOf(header: Header): ModelShape["experts"] {
  const { keys } = header;
  const number = (key: string) => keys.number(key) || undefined;
  const count = number("expert_count");
  const used = number("expert_used_count");
  const n_ff = number("expert_feed_forward_length") ?? number("feed_forward_length");
  if (count === undefined || used === undefined || n_ff === undefined) return undefined;
  const shared = number("expert_shared_count");
  const sharedWidth = number("expert_shared_feed_forward_length");
  return {
    count,
    used,
    n_ff,
    shared: shared ?? (sharedWidth === undefined ? undefined : 1),
    shared_n_ff: sharedWidth === (shared ?? 1) * n_ff ? undefined : sharedWidth,
    leading_dense: number("leading_dense_block_count"),
    every: number("interleave_moe_layer_step"),
    latent: number("moe_latent_size"),
    hashed: number("hash_layer_count"),
    weights_scale: weightsScale(header),
    groups: groupsOf(header),
  };
}

/** Architectures that read how much experts count from the header (load_arch_hparams in src/models/*.cpp, v0.4.0). */
const weighing: ReadonlySet<Architecture> = new Set([
  "deepseek2",
  "deepseek32",
  "glm4moe",
  "glm-dsa",
  "nemotron_h_moe",
]);

/** Multiplying by 1 is no step. */
function weightsScale({ architecture, keys }: Header): number | undefined {
  const scale = keys.number("expert_weights_scale") ?? 0;
  return weighing.has(architecture) && scale !== 0 && scale !== 1 ? scale : undefined;
}

function groupsOf({ keys }: Header): NonNullable<ModelShape["experts"]>["groups"] {
  const count = keys.number("expert_group_count") ?? 0;
  return count > 1 ? { count, used: keys.number("expert_group_used_count") ?? 0 } : undefined;
}

/** Whether tokens choose experts in another way than the architecture's models do that llmbench knows. */
function choosesOtherwise({ architecture, keys }: Header): boolean {
  if (!weighing.has(architecture) || keys.number("expert_count") === undefined) return false;
  const usual = traitsOf(architecture).experts?.gating;
  // The others state it.
  const gating = keys.number("expert_gating_func") ?? (keepsSilent.has(architecture) ? usual : 0);
  return gating !== usual || keys.number("expert_weights_norm") !== 1;
}

/** Sigmoid where the header doesn't say. */
const keepsSilent: ReadonlySet<Architecture> = new Set(["glm4moe", "glm-dsa", "nemotron_h_moe"]);

/** By how long the context has grown queries are scaled, in two architectures. */
function scalesOf({ architecture, keys }: Header): ModelShape["scales"] {
  const temperature = keys.number("attention.temperature_scale") || undefined;
  const reads = architecture === "mistral3" || architecture === "deepseek2";
  return reads && temperature !== undefined ? { temperature } : undefined;
}

function windowOf({ architecture, keys, parameters }: Header): ModelShape["sliding_window"] {
  const { window, windowed, trunkLayers, windowHeadSizes, headSizes } = parameters;
  const { windowPeriod, windowList } = traitsOf(architecture);
  if (window === null || !windowed.includes(true)) return undefined;
  if (windowPeriod === undefined && windowList === undefined) return undefined;
  const whole = windowed.indexOf(false);
  const period = windowList
    ? (whole === -1 ? trunkLayers : whole) + 1
    : (keys.number("attention.sliding_window_pattern") ?? windowPeriod ?? 1);
  const own = kvHeadsWhere(parameters, (layer) => windowed[layer] === true);
  const others = kvHeadsWhere(parameters, (layer) => windowed[layer] !== true);
  return {
    tokens: window,
    period,
    n_kv_heads: own === others ? undefined : own,
    head_size: windowHeadSizes.key === headSizes.key ? undefined : windowHeadSizes.key,
  };
}

/** Of the first layer that has some. */
function kvHeadsWhere(
  { kvHeads, trunkLayers }: Hyperparameters,
  is: (layer: number) => boolean,
): number | undefined {
  return kvHeads.slice(0, trunkLayers).find((heads, layer) => heads > 0 && is(layer));
}

function latentOf({ keys, parameters }: Header): ModelShape["latent"] {
  const kvRank = keys.number("attention.kv_lora_rank");
  if (!parameters.latent || kvRank === undefined) return undefined;
  return {
    query_rank: keys.number("attention.q_lora_rank"),
    kv_rank: kvRank,
    value_size: keys.number("attention.value_length_mla") ?? 0,
  };
}

function compressedOf({ keys, parameters }: Header): Record<string, unknown> | undefined {
  const ratios = keys.list("attention.compress_ratios");
  if (ratios === undefined) return undefined;
  return {
    window: parameters.window,
    query_rank: keys.number("attention.q_lora_rank"),
    output_groups: keys.number("attention.output_group_count"),
    output_rank: keys.number("attention.output_lora_rank"),
    ratios: ratios.slice(0, parameters.trunkLayers),
    freq_base: keys.number("attention.compress_rope_freq_base"),
  };
}

function streamsOf({ keys }: Header): Record<string, unknown> | undefined {
  const count = keys.number("hyper_connection.count");
  if (count === undefined) return undefined;
  return {
    count,
    iterations: keys.number("hyper_connection.sinkhorn_iterations"),
    epsilon: keys.number("hyper_connection.epsilon"),
  };
}

function indexerOf({ keys, parameters, dims }: Header): ModelShape["indexer"] {
  const { indexer, trunkLayers } = parameters;
  if (indexer === null) return undefined;
  const compressed = keys.list("attention.compress_ratios") !== undefined;
  const own = Array.from({ length: trunkLayers }, (_, layer) => layer).filter(
    (layer) => compressed || dims.has(`blk.${layer}.indexer.proj.weight`),
  );
  return {
    n_heads: keys.number("attention.indexer.head_count") ?? 0,
    head_size: indexer.keySize,
    top_k: keys.number("attention.indexer.top_k") ?? 0,
    layers: own.length === trunkLayers ? undefined : own,
  };
}

function sharedKvOf({ parameters }: Header): ModelShape["shared_kv"] {
  const { layersWithCache, allLayers, trunkLayers, feedForward } = parameters;
  const layers = layersWithCache === null ? 0 : allLayers - layersWithCache;
  if (layers <= 0) return undefined;
  const last = feedForward[trunkLayers - 1];
  return { layers, n_ff: last === feedForward[0] ? undefined : last };
}

/** A layer that looks at everything makes no values, though it caches some. */
function valuesAreKeys({ architecture, parameters, dims }: Header): boolean {
  if (architecture !== "gemma4") return false;
  const whole = parameters.windowed.indexOf(false);
  return dims.has(`blk.${whole}.attn_k.weight`) && !dims.has(`blk.${whole}.attn_v.weight`);
}

/** Where layers are one thing alone, those that are a feed-forward part. */
function feedForwardLayers({ architecture, parameters }: Header): number[] | undefined {
  if (!architecture.startsWith("nemotron_h")) return undefined;
  const layers = Array.from({ length: parameters.trunkLayers }, (_, layer) => layer);
  const found = layers.filter((layer) => (parameters.feedForward[layer] ?? 0) > 0);
  return found.length === 0 ? undefined : found;
}

function leastOf(widths: readonly number[]): number | undefined {
  const some = widths.filter((width) => width > 0);
  return some.length === 0 ? undefined : Math.min(...some);
}

/** Rope scaling of Llama 3.1 (config.json of the published models). */
const llama31Scaling = {
  factor: 8,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_context: 8192,
} as const;

/** Rope of Gemma 4's layers that look at everything (config.json of the published models). */
const proportionalShare = 0.25;

function hasExactly(dims: ReadonlyMap<string, readonly number[]>, shape: ModelShape): boolean {
  // A header may claim millions of layers; the table of so many is not worth making.
  if (shape.n_layers > dims.size) return false;
  const table = tensorTable(shape);
  return (
    table.length === dims.size &&
    table.every((tensor) => dims.get(tensor.name)?.join() === tensor.dims.join())
  );
}
