/** Which layers are recurrent, and what they remember (src/models/*.cpp, v0.4.0). */
import type { ArchitectureKeys } from "./architectureKeys.ts";
import type { Hyperparameters, RecurrentState } from "./hyperparameters.ts";
import { always, layersWhere } from "./layersWhere.ts";

export function withoutKvHeads({ allLayers, trunkLayers, kvHeads }: Hyperparameters): boolean[] {
  return layersWhere(allLayers, (layer) => layer < trunkLayers && kvHeads[layer] === 0);
}

export function recurrentByInterval(
  { allLayers, trunkLayers }: Hyperparameters,
  keys: ArchitectureKeys,
  usual: number,
): boolean[] {
  const stated = keys.perLayer("attention.recurrent_layers", allLayers);
  const interval = keys.number("full_attention_interval") ?? usual;
  return layersWhere(allLayers, (layer) =>
    stated === undefined
      ? layer < trunkLayers && (layer + 1) % interval !== 0
      : stated[layer] !== 0,
  );
}

export function ssm(
  keys: ArchitectureKeys,
  {
    grouped = true,
    history = null,
  }: {
    readonly grouped?: boolean;
    readonly history?: Extract<RecurrentState, { kind: "ssm" }>["history"];
  } = {},
): RecurrentState {
  return {
    kind: "ssm",
    convKernel: keys.number("ssm.conv_kernel") ?? 0,
    innerSize: keys.number("ssm.inner_size") ?? 0,
    stateSize: keys.number("ssm.state_size") ?? 0,
    groups: grouped ? (keys.number("ssm.group_count") ?? 0) : 0,
    timeStepRank: keys.number("ssm.time_step_rank") ?? 0,
    history,
  };
}

export function shortConvolution(keys: ArchitectureKeys): RecurrentState {
  return { kind: "shortconv", cache: keys.number("shortconv.l_cache") ?? 1 };
}

export function rwkv(common: Hyperparameters, keys: ArchitectureKeys): Partial<Hyperparameters> {
  return {
    recurrent: always(common),
    state: {
      kind: "rwkv",
      headSize: keys.number("wkv.head_size") ?? 0,
      tokenShifts: keys.number("token_shift_count") ?? 2,
    },
  };
}

export function deltaNet(
  common: Hyperparameters,
  keys: ArchitectureKeys,
): Partial<Hyperparameters> {
  return { recurrent: recurrentByInterval(common, keys, 4), state: ssm(keys) };
}

/** A layer is one thing alone: attention, a recurrence or a feed-forward part. */
export function nemotronHybrid(
  common: Hyperparameters,
  keys: ArchitectureKeys,
): Partial<Hyperparameters> {
  const recurrent = withoutKvHeads(common).map(
    (is, layer) => is && common.feedForward[layer] === 0,
  );
  return { recurrent, state: ssm(keys) };
}

/** llama_hparams::ple_conv_state. */
export function ngramHistory({ embedding }: Hyperparameters, keys: ArchitectureKeys) {
  const layers = keys.list("ple.layers") ?? [];
  const number = (key: string) => keys.number(key) ?? 0;
  const heads = (number("ple.ngram_size") - 1) * number("ple.heads_per_ngram");
  const kernel = number("ple.conv_kernel");
  if (layers.length === 0 || heads === 0 || kernel === 0) return null;
  const rows = (kernel - 1) * number("ple.ngram_size") * number("hyper_connection.count");
  return { layers, elements: rows * embedding };
}
