/** Reads a header as llama.cpp does, as far as caches and layers go (llama_model_base::load_hparams, src/llama-model.cpp, v0.4.0). */
import { ArchitectureKeys } from "./architectureKeys.ts";
import { architectureHyperparameters } from "./architectureHyperparameters.ts";
import type { Experts, HasTensor, Hyperparameters } from "./hyperparameters.ts";
import type { Metadata } from "./readMetadata.ts";

/** llama.cpp's limit (LLAMA_MAX_LAYERS, src/llama-hparams.h). */
const maxLayers = 512;

/** Undefined where the header tells no layers or widths: llama.cpp loads no such file. */
export function hyperparameters(
  metadata: Metadata,
  hasTensor: HasTensor,
): Hyperparameters | undefined {
  const architecture = metadata.get("general.architecture");
  if (typeof architecture !== "string") return undefined;
  const keys = new ArchitectureKeys(metadata, architecture);
  const allLayers = keys.number("block_count") ?? 0;
  const embedding = keys.number("embedding_length") ?? 0;
  if (!isCount(allLayers) || allLayers > maxLayers || !isCount(embedding)) return undefined;
  const common = commonHyperparameters(architecture, keys, { allLayers, embedding });
  const adjust = architectureHyperparameters[architecture];
  return adjust === undefined ? common : { ...common, ...adjust(common, keys, hasTensor) };
}

function commonHyperparameters(
  architecture: string,
  keys: ArchitectureKeys,
  { allLayers, embedding }: { readonly allLayers: number; readonly embedding: number },
): Hyperparameters {
  const perLayer = (key: string) => keys.perLayer(key, allLayers);
  const none = Array<number>(allLayers).fill(0);
  const never = Array<boolean>(allLayers).fill(false);
  const heads = perLayer("attention.head_count") ?? none;
  const [firstHeads = 0] = heads;
  // Models without attention heads have no head sizes.
  const size = (key: string) =>
    firstHeads === 0 ? 0 : (keys.number(key) ?? Math.floor(embedding / firstHeads));
  const headSizes = {
    key: size("attention.key_length"),
    value: size("attention.value_length"),
  };
  return {
    architecture,
    embedding,
    allLayers,
    trunkLayers: Math.max(0, allLayers - (keys.number("nextn_predict_layers") ?? 0)),
    heads,
    kvHeads: perLayer("attention.head_count_kv") ?? heads,
    feedForward: perLayer("feed_forward_length") ?? none,
    headSizes,
    windowHeadSizes: {
      key: keys.number("attention.key_length_swa") ?? headSizes.key,
      value: keys.number("attention.value_length_swa") ?? headSizes.value,
    },
    latent: false,
    window: null,
    windowed: never,
    recurrent: never,
    state: null,
    layersWithCache: null,
    expertsUsed: keys.number("expert_used_count") ?? 0,
    denseLead: keys.number("leading_dense_block_count") ?? 0,
    experts: expertsOf(keys),
    indexer: null,
    compressRatios: none,
    outputGroups: null,
  };
}

function expertsOf(keys: ArchitectureKeys): Experts | null {
  const count = keys.number("expert_count") ?? 0;
  const used = keys.number("expert_used_count") ?? 0;
  return isCount(count) && isCount(used) ? { count, used: Math.min(used, count) } : null;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}
