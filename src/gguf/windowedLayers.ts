/** Which layers look back a window only (src/models/*.cpp and llama_hparams::set_swa_pattern, src/llama-hparams.cpp, v0.4.0). */
import type { ArchitectureKeys } from "./architectureKeys.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import { layersWhere } from "./layersWhere.ts";

export const windowKey = "attention.sliding_window";
export const patternKey = "attention.sliding_window_pattern";

/** llama_hparams::set_swa_pattern: every so many layers one looks at everything, the first or the last of each group. */
type PatternOrder = "dense last" | "dense first";

/** A window that the file states, every `period`-th layer without, unless the file states another period. */
export function statedWindow(
  period: number,
  { tokens, order }: { readonly tokens?: number; readonly order?: PatternOrder } = {},
): (common: Hyperparameters, keys: ArchitectureKeys) => Partial<Hyperparameters> {
  return (common, keys) =>
    windowOf(keys, byPeriod(common, keys.number(patternKey) ?? period, order), tokens);
}

export function windowOf(
  keys: ArchitectureKeys,
  windowed: readonly boolean[],
  usual = 0,
): Partial<Hyperparameters> {
  const window = keys.number(windowKey) ?? usual;
  return window === 0 ? {} : { window, windowed };
}

export function byPeriod(
  { allLayers, trunkLayers }: Hyperparameters,
  period: number,
  order: PatternOrder = "dense last",
): boolean[] {
  const dense = order === "dense first" ? 0 : period - 1;
  return layersWhere(
    allLayers,
    (layer) => layer < trunkLayers && (period === 0 || layer % period !== dense),
  );
}

export function listed(
  { allLayers }: Hyperparameters,
  keys: ArchitectureKeys,
  layers: number,
): readonly boolean[] {
  const values = keys.perLayer(patternKey, layers) ?? [];
  return layersWhere(allLayers, (layer) => (values[layer] ?? 0) !== 0);
}

/** Files of these state either, and those without both a period of 4. */
export function periodOrList(
  common: Hyperparameters,
  keys: ArchitectureKeys,
  order?: PatternOrder,
): readonly boolean[] {
  return keys.list(patternKey) === undefined
    ? byPeriod(common, keys.number(patternKey) ?? 4, order)
    : listed(common, keys, common.trunkLayers);
}
