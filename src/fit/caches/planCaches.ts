/** A model's caches by its hyperparameters (llama_model::create_memory, src/llama-model.cpp, v0.4.0). */
import type { Hyperparameters } from "../../gguf/hyperparameters.ts";
import { attentionCache, layersOf, type LayerFilter } from "./attentionCache.ts";
import { noCaches, type AttentionCache, type CachePlan, type StateLayer } from "./cachePlan.ts";
import { compressedCaches } from "./compressedCaches.ts";
import { stateTensors } from "./stateTensors.ts";

/** Encoders, and models that denoise whole texts: they attend to nothing but the batch. */
const withoutMemory: ReadonlySet<string> = new Set([
  "bert",
  "jina-bert-v2",
  "jina-bert-v3",
  "nomic-bert",
  "nomic-bert-moe",
  "neo-bert",
  "eurobert",
  "wavtokenizer-dec",
  "modern-bert",
  "gemma-embedding",
  "dream",
  "llada",
  "llada-moe",
  "rnd1",
]);

/** Of these the layers that only predict further tokens have no cache in a context that doesn't predict with them. */
const trunkAlone: ReadonlySet<string> = new Set(["step35", "hy_v3", "mimo2"]);

export function planCaches(model: Hyperparameters): CachePlan {
  const { architecture } = model;
  if (withoutMemory.has(architecture)) return noCaches;
  const trunk: LayerFilter = (layer) => layer < model.trunkLayers;
  switch (architecture) {
    case "minimax-m3":
      return attentionAlone([
        ...attentionCaches({ ...model, window: null }, everyLayer),
        ...indexerCaches(model, everyLayer),
      ]);
    case "glm-dsa":
    case "deepseek32":
      return attentionAlone([
        ...attentionCaches({ ...model, window: null }, trunk),
        ...indexerCaches(model, trunk),
      ]);
    case "dots3note": {
      const [whole, ...windows] = attentionCaches(model, trunk);
      const all = whole === undefined ? [] : [whole];
      return attentionAlone([...all, ...indexerCaches(model, trunk), ...windows]);
    }
    case "deepseek4":
      return compressedCaches(model);
    default:
      return model.state === null
        ? attentionAlone(attentionCaches(model, trunkAlone.has(architecture) ? trunk : everyLayer))
        : recurrentCaches(model, trunk);
  }
}

/** Architectures with recurrent layers, alone or between others (llama_memory_recurrent, llama_memory_hybrid*). */
function recurrentCaches(model: Hyperparameters, trunk: LayerFilter): CachePlan {
  const { architecture, recurrent, feedForward } = model;
  const state = (filter: LayerFilter): StateLayer[] =>
    layersOf(model)
      .filter((layer) => trunk(layer) && filter(layer))
      .map((layer) => ({ layer, tensors: stateTensors(model, layer) }));
  const isRecurrent: LayerFilter = (layer) => recurrent[layer] === true;
  const attends: LayerFilter = (layer) => !isRecurrent(layer);
  const hybrid = (attention: LayerFilter): CachePlan => ({
    attention: [...attentionCaches(model, attention), ...indexerCaches(model, attention)],
    state: state(isRecurrent),
  });
  switch (architecture) {
    case "falcon-h1":
      // Both in each layer.
      return { attention: attentionCaches(model, everyLayer), state: state(everyLayer) };
    case "nemotron_h":
    case "nemotron_h_moe":
      return hybrid((layer) => attends(layer) && feedForward[layer] === 0);
    case "qwen3next":
    case "qwen35":
    case "qwen35moe":
    case "qwen4exp":
    case "minimax-01":
      return hybrid((layer) => trunk(layer) && attends(layer));
    default:
      return recurrent.every(Boolean)
        ? { attention: [], state: state(isRecurrent) }
        : hybrid(attends);
  }
}

const everyLayer: LayerFilter = () => true;

function attentionAlone(attention: readonly AttentionCache[]): CachePlan {
  return { attention, state: [] };
}

/** One cache, or two where some layers look back a window only (llama_kv_cache, llama_kv_cache_iswa). */
function attentionCaches(model: Hyperparameters, filter: LayerFilter): AttentionCache[] {
  const { window, windowed } = model;
  if (window === null) return [attentionCache(model, { kind: "context" }, filter)];
  const isWindowed: LayerFilter = (layer) => windowed[layer] === true;
  return [
    attentionCache(model, { kind: "context" }, (layer) => filter(layer) && !isWindowed(layer)),
    attentionCache(
      model,
      { kind: "window", tokens: window },
      (layer) => filter(layer) && isWindowed(layer),
    ),
  ];
}

/** Keys of one head by which sparse attention chooses (llama_kv_cache_dsa, llama_kv_cache_msa, llama_memory_hybrid_idx). */
function indexerCaches(model: Hyperparameters, filter: LayerFilter): AttentionCache[] {
  const { indexer } = model;
  if (indexer === null) return [];
  const keys = indexerModel(model, indexer.keySize);
  return [
    attentionCache(
      keys,
      { kind: "context" },
      (layer) => filter(layer) && indexer.own[layer] === true,
    ),
  ];
}

/** llama.cpp makes the cache with hyperparameters of one head; where V is not read out of K, it gets one as well. */
function indexerModel(model: Hyperparameters, keySize: number): Hyperparameters {
  return {
    ...model,
    kvHeads: model.kvHeads.map(() => 1),
    headSizes: { ...model.headSizes, key: keySize },
  };
}
