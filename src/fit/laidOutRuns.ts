/** Few layers in place of many: those whose graph tells what all of them take. */
import type { ModelShape } from "../gguf/modelShape.ts";
import type { LayerPlacement, LayerRun, Place } from "./layerPlacement.ts";
import type { MemorySettings } from "./memorySettings.ts";

/**
 * `exact` lays out every layer. `sampled` takes a few of each run of layers in one place: all that a full placement needs,
 * and within 2% of the others. `rough` takes fewer of those whose weights are copied: enough to search by, and now and
 * then far off.
 */
export type GraphDetail = "exact" | "sampled" | "rough";

/** Copies of single matrices leave no holes that matter, and layers without windows come in any order. */
export function detailNeeded(
  { experts, sliding_window }: Pick<ModelShape, "experts" | "sliding_window">,
  { tensorOverrides }: Pick<MemorySettings, "tensorOverrides">,
  detail: GraphDetail,
): GraphDetail {
  // A pattern may take any layer's weights: none stands for the others.
  if (tensorOverrides.length > 0) return "exact";
  const plain = experts === undefined && sliding_window === undefined;
  return plain && detail === "sampled" ? "rough" : detail;
}

export interface LaidOutRun {
  readonly place: Place;
  readonly layers: readonly number[];
}

/**
 * What is laid out, in a few words: placements of one form share one answer. Where in the model a run lies is nothing to
 * it, but for windows, whose order begins with its first layer.
 */
export function laidOutForm(
  placement: LayerPlacement,
  shape: ModelShape,
  settings: Pick<MemorySettings, "nCpuMoe">,
  detail: GraphDetail,
): string {
  const period = detail === "rough" ? 1 : (shape.sliding_window?.period ?? 1);
  const runs = laidOutRuns(placement, shape, settings, detail);
  return runs
    .map(({ place, layers }) => `${place}x${layers.length}@${(layers[0] ?? 0) % period}`)
    .join(" ");
}

export function laidOutRuns(
  { runs }: LayerPlacement,
  shape: ModelShape,
  { nCpuMoe }: Pick<MemorySettings, "nCpuMoe">,
  detail: GraphDetail,
): LaidOutRun[] {
  return runs.flatMap(({ start, end: placedEnd, place }) => {
    // Layers that only predict further tokens are placed, and not computed.
    const end = Math.min(placedEnd, shape.n_layers);
    if (start >= end) return [];
    // Weights on the host are copied for batches, those of different types side by side.
    const copied = place === "host" || nCpuMoe > 0;
    return [{ place, layers: layersOf({ start, end }, shape, detail, copied) }];
  });
}

type Range = Pick<LayerRun, "start" | "end">;

function layersOf(run: Range, shape: ModelShape, detail: GraphDetail, copied: boolean): number[] {
  const most = layersOfRun(shape);
  if (detail === "exact" || run.end - run.start <= most) return layersIn([run]);
  const edges = edgesOf(run, shape, most, detail);
  if (detail === "rough" || !copied || shape.experts === undefined) return layersIn(edges);
  const first = Math.max(run.start, firstAlternating(shape));
  const end = Math.min(run.end, firstAlternating(shape) + alternatingLayers);
  return layersIn([...edges, { start: first, end }]);
}

function edgesOf(
  { start, end }: Range,
  { n_layers, sliding_window }: ModelShape,
  most: number,
  detail: GraphDetail,
): Range[] {
  if (end < n_layers) return [{ start, end: start + most }];
  const last = { start: end - 1, end };
  if (start === 0) return [{ start, end: most - 1 }, last];
  if (sliding_window === undefined || detail === "rough") return [{ start: end - most, end }];
  // Windows come in the order in which they come at the run's start.
  const back = (end - most - start) % sliding_window.period;
  const first = end - most - back;
  return [{ start: first, end: first + most - 1 }, last];
}

/** Each once, in order. */
function layersIn(ranges: readonly Range[]): number[] {
  const found = new Set<number>();
  for (const { start, end } of ranges) {
    for (let layer = start; layer < end; layer++) found.add(layer);
  }
  return ranges.length === 1 ? [...found] : [...found].sort((a, b) => a - b);
}

/** With windows, layers of both kinds. */
function layersOfRun({ sliding_window }: ModelShape): number {
  return 4 + (sliding_window === undefined ? 0 : sliding_window.period - 1);
}

/** Around an eighth of the layers, where types begin to alternate (`use_more_bits`, src/llama-quant.cpp, v0.4.0). */
const alternatingLayers = 4;

function firstAlternating({ n_layers }: ModelShape): number {
  return Math.max(0, Math.floor(n_layers / 8) - 1);
}
