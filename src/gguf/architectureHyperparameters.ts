/** What single architectures read of a header beyond the common keys (load_arch_hparams in src/models/*.cpp, v0.4.0). */
import type { ArchitectureKeys } from "./architectureKeys.ts";
import type { HasTensor, Hyperparameters, Indexer } from "./hyperparameters.ts";
import { always, layersWhere } from "./layersWhere.ts";
import {
  deltaNet,
  nemotronHybrid,
  ngramHistory,
  recurrentByInterval,
  rwkv,
  shortConvolution,
  ssm,
  withoutKvHeads,
} from "./recurrentLayers.ts";
import {
  byPeriod,
  listed,
  patternKey,
  periodOrList,
  statedWindow,
  windowKey,
  windowOf,
} from "./windowedLayers.ts";

type Adjust = (
  common: Hyperparameters,
  keys: ArchitectureKeys,
  hasTensor: HasTensor,
) => Partial<Hyperparameters>;

/** Architectures that aren't here read nothing that decides about caches. */
export const architectureHyperparameters: Readonly<Record<string, Adjust | undefined>> = {
  // Layers that look back a window.
  afmoe: statedWindow(4),
  cohere2: statedWindow(4),
  cohere2moe: (common, keys) => windowOf(keys, periodOrList(common, keys, "dense first")),
  "exaone-moe": statedWindow(4, { tokens: 128 }),
  exaone4: (common, keys) =>
    // Only the 32B looks back windows.
    common.trunkLayers === 64 ? statedWindow(4, { tokens: 4096 })(common, keys) : {},
  gemma2: statedWindow(2, { tokens: 4096 }),
  gemma3: statedWindow(6),
  gemma3n: (common, keys) => ({
    ...statedWindow(5)(common, keys),
    layersWithCache: 20,
  }),
  gemma4: (common, keys) => ({
    ...windowOf(keys, listed(common, keys, common.trunkLayers)),
    layersWithCache: common.allLayers - (keys.number("attention.shared_kv_layers") ?? 0),
  }),
  "gemma4-assistant": (common, keys) => windowOf(keys, listed(common, keys, common.allLayers)),
  "gpt-oss": statedWindow(2),
  granite_swa: (common, keys) => windowOf(keys, listed(common, keys, common.allLayers)),
  laguna: statedWindow(4, { order: "dense first" }),
  llama4: (common, keys) => {
    // Chunks of this size, unless the file states that it has none.
    if (keys.number(windowKey) === 0) return {};
    return { window: 8192, windowed: byPeriod(common, keys.number(patternKey) ?? 4) };
  },
  mellum: (common, keys) => windowOf(keys, periodOrList(common, keys)),
  mimo2: (common, keys) => windowOf(keys, listed(common, keys, common.trunkLayers)),
  "muse-glimmer": (common, keys) => windowOf(keys, periodOrList(common, keys)),
  olmo2: statedWindow(4),
  plamo3: statedWindow(8),
  smallthinker: (common, keys) => ({
    ...statedWindow(4, { order: "dense first" })(common, keys),
    // Whatever the file states, unless it states none.
    window: keys.number(windowKey) ? 4096 : null,
  }),
  step35: (common, keys) => windowOf(keys, listed(common, keys, common.allLayers)),

  // Recurrent layers.
  mamba: (common, keys) => ({ recurrent: always(common), state: ssm(keys, { grouped: false }) }),
  mamba2: (common, keys) => ({ recurrent: always(common), state: ssm(keys) }),
  rwkv6: rwkv,
  rwkv6qwen2: rwkv,
  rwkv7: rwkv,
  arwkv7: rwkv,
  "falcon-h1": (common, keys) => ({ recurrent: always(common), state: ssm(keys) }),
  jamba: (common, keys) => ({
    recurrent: withoutKvHeads(common),
    state: ssm(keys, { grouped: false }),
  }),
  granitehybrid: (common, keys) => ({ recurrent: withoutKvHeads(common), state: ssm(keys) }),
  plamo2: (common, keys) => ({
    headSizes: {
      key: keys.number("attention.key_length") ?? common.headSizes.key,
      value: keys.number("attention.value_length") ?? common.headSizes.value,
    },
    recurrent: withoutKvHeads(common),
    state: ssm(keys),
  }),
  nemotron_h: nemotronHybrid,
  nemotron_h_moe: nemotronHybrid,
  lfm2: (common, keys) => {
    const recurrent = withoutKvHeads(common);
    const windowed = recurrent.map((is, layer) => !is && layer < common.trunkLayers);
    return { recurrent, state: shortConvolution(keys), ...windowOf(keys, windowed) };
  },
  lfm2moe: (common, keys) => ({
    recurrent: withoutKvHeads(common),
    state: shortConvolution(keys),
  }),
  qwen3next: deltaNet,
  qwen35: deltaNet,
  qwen35moe: deltaNet,
  qwen4exp: (common, keys) => ({
    ...deltaNet(common, keys),
    state: ssm(keys, { history: ngramHistory(common, keys) }),
    indexer: indexer(common, keys, () => true),
  }),
  "minimax-01": (common, keys) => ({
    recurrent: recurrentByInterval(common, keys, 8),
    state: { kind: "lightning", headSize: common.headSizes.key },
  }),
  bailingmoe3: kimiDelta,
  "kimi-linear": kimiDelta,
  "kimi-k3": kimiDelta,

  // Latent attention, indexers, compressors.
  deepseek2: latentAttention,
  mistral4: latentAttention,
  deepseek32: (common, keys) => ({
    ...latentAttention(common, keys),
    indexer: indexer(common, keys, () => true),
  }),
  "glm-dsa": (common, keys) => {
    const stated = keys.perLayer("attention.indexer.types", common.trunkLayers);
    // GLM 5 and 5.1 have an indexer in each layer; GLM 5.2, told by its context, shares most of them.
    const shares = (keys.number("context_length") ?? 0) >= 2 ** 20;
    const usual = shares ? ownsIndexerInGlm52 : () => true;
    const own = stated === undefined ? usual : (layer: number) => (stated[layer] ?? 0) !== 0;
    return { ...latentAttention(common, keys), indexer: indexer(common, keys, own) };
  },
  dots3note: (common, keys) => {
    const own = keys.list("attention.indexer.types") ?? [];
    return {
      ...latentAttention(common, keys),
      ...windowOf(keys, listed(common, keys, common.allLayers)),
      indexer: indexer(common, keys, (layer) => (own[layer] ?? 0) !== 0),
    };
  },
  "minimax-m3": (common, keys) => ({
    indexer: indexer(common, keys, (layer) => layer >= common.denseLead),
  }),
  deepseek4: (common, keys, hasTensor) => {
    const { trunkLayers, allLayers } = common;
    // A file without the tensors of its further layers has none.
    const predicts = hasTensor(`blk.${trunkLayers}.nextn.eh_proj.weight`);
    return {
      trunkLayers: predicts ? trunkLayers : allLayers,
      window: keys.number(windowKey) ?? 0,
      windowed: always(common),
      indexer: indexer(common, keys, () => true),
      compressRatios: keys.list("attention.compress_ratios") ?? [],
      outputGroups: {
        count: keys.number("attention.output_group_count") ?? 1,
        rank: keys.number("attention.output_lora_rank") ?? 1,
      },
    };
  },
  dflash: (common, keys) =>
    (keys.number("hyper_connection.count") ?? 0) > 0
      ? windowOf(keys, always(common))
      : windowOf(keys, listed(common, keys, common.allLayers)),

  // Layers that the file doesn't count.
  nanbeige: (common, keys) => {
    // Each turn of the loop has caches of its own.
    const loops = keys.number("num_loops") ?? 1;
    if (loops <= 1) return {};
    const repeat = <T>(values: readonly T[]) =>
      Array.from({ length: loops }, () => values.slice(0, common.trunkLayers)).flat();
    const layers = common.trunkLayers * loops;
    return {
      allLayers: layers,
      trunkLayers: layers,
      heads: repeat(common.heads),
      kvHeads: repeat(common.kvHeads),
      feedForward: repeat(common.feedForward),
      windowed: repeat(common.windowed),
      recurrent: repeat(common.recurrent),
      compressRatios: repeat(common.compressRatios),
    };
  },
  graniteswitch: (common) => {
    // One more layer of one head routes between adapters, and caches as all others do.
    const layers = common.trunkLayers;
    const more = <T>(values: readonly T[], last: T) => [...values.slice(0, layers), last];
    return {
      allLayers: layers + 1,
      trunkLayers: layers,
      heads: more(common.heads, 1),
      kvHeads: more(common.kvHeads, 1),
      feedForward: more(common.feedForward, 0),
      windowed: more(common.windowed, false),
      recurrent: more(common.recurrent, false),
      compressRatios: more(common.compressRatios, 0),
    };
  },
};

/** Files that were converted before llama.cpp compressed keys and values tell no sizes of the latent heads. */
function latentAttention(_: Hyperparameters, keys: ArchitectureKeys): Partial<Hyperparameters> {
  const stated = ["attention.key_length_mla", "attention.value_length_mla"];
  return { latent: stated.every((key) => (keys.number(key) ?? 0) > 0) };
}

function indexer(
  { allLayers }: Hyperparameters,
  keys: ArchitectureKeys,
  own: (layer: number) => boolean,
): Indexer | null {
  const keySize = keys.number("attention.indexer.key_length") ?? 0;
  return keySize === 0 ? null : { keySize, own: layersWhere(allLayers, own) };
}

/** GLM_5_2_DEFAULT_INDEXER_TYPES, src/models/glm-dsa.cpp: of its 78 layers the first two, and of the others each fourth. */
function ownsIndexerInGlm52(layer: number): boolean {
  return layer < 2 || (layer < 78 && (layer - 2) % 4 === 0);
}

function kimiDelta(common: Hyperparameters, keys: ArchitectureKeys): Partial<Hyperparameters> {
  return {
    ...latentAttention(common, keys),
    recurrent: withoutKvHeads(common),
    state: {
      kind: "kda",
      convKernel: keys.number("ssm.conv_kernel") ?? 0,
      headSize: keys.number("kda.head_dim") ?? 0,
    },
  };
}
