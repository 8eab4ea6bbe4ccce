/** Few layers in place of many: those whose graph tells what all of them take. */
import type { ModelShape } from "../gguf/modelShape.ts";
import { layerKinds, periodOf } from "./layerKinds.ts";
import type { LayerPlacement, LayerRun, Place } from "./layerPlacement.ts";
import type { MemorySettings } from "./memorySettings.ts";

/**
 * `exact` lays out every layer. `sampled` takes a few of each run of layers in one place: all that a full placement needs,
 * and within 2% of the others. `rough` takes fewer of those whose weights are copied: enough to search by, and now and
 * then far off.
 */
export type GraphDetail = "exact" | "sampled" | "rough";

/** Copies of single matrices leave no holes that matter, and layers of one kind come in any order. */
export function detailNeeded(
  shape: ModelShape,
  { tensorOverrides }: Pick<MemorySettings, "tensorOverrides">,
  detail: GraphDetail,
): GraphDetail {
  // A pattern may take any layer's weights: none stands for the others. Where an indexer chooses, each layer holds memory of
  // its own from the start.
  if (tensorOverrides.length > 0 || shape.indexer !== undefined) return "exact";
  return isPlain(shape) && detail === "sampled" ? "rough" : detail;
}

/** All layers are of one kind, and none has experts. */
function isPlain(shape: ModelShape): boolean {
  return shape.experts === undefined && periodOf(shape) === 1;
}

export interface LaidOutRun {
  readonly place: Place;
  readonly layers: readonly number[];
}

/**
 * What is laid out, in a few words: placements of one form share one answer. Where in the model a run lies is nothing to
 * it, but for the kinds of its layers.
 */
export function laidOutForm(
  placement: LayerPlacement,
  shape: ModelShape,
  settings: Pick<MemorySettings, "nCpuMoe">,
  detail: GraphDetail,
): string {
  const kinds = layerKinds(shape);
  const uniform = detail === "rough" || periodOf(shape) === 1;
  const order = (layers: readonly number[]) =>
    uniform ? layers.length : layers.map((layer) => kinds[layer]).join("");
  const runs = laidOutRuns(placement, shape, settings, detail);
  return runs.map(({ place, layers }) => `${place}x${order(layers)}`).join(" ");
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
  const length = run.end - run.start;
  const most = mostOfRun(shape, length, detail);
  if (detail === "exact" || length <= most) return layersIn([run]);
  const edges = edgesOf(run, shape, most, detail);
  if (detail === "rough" || !copied || shape.experts === undefined) return layersIn(edges);
  const first = Math.max(run.start, firstAlternating(shape));
  const end = Math.min(run.end, firstAlternating(shape) + alternatingLayers);
  return layersIn([...edges, { start: first, end }]);
}

function edgesOf(
  { start, end }: Range,
  shape: ModelShape,
  most: number,
  detail: GraphDetail,
): Range[] {
  const period = periodOf(shape);
  if (end < shape.n_layers) return [{ start, end: start + most }];
  const last = { start: end - 1, end };
  if (start === 0) return [{ start, end: most - 1 }, last];
  if (period === 1 || detail === "rough") return [{ start: end - most, end }];
  // Kinds come in the order in which they come at the run's start.
  const back = (end - most - start) % period;
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

/**
 * Layers of all kinds among them, where the run has as many. To search by, shorter runs take 1, 2, 4 or 8 of theirs: each
 * step of a search would lay out another graph, of mixtures and hybrids a large one.
 */
function mostOfRun(shape: ModelShape, length: number, detail: GraphDetail): number {
  const period = periodOf(shape);
  const most = 3 + period;
  if (detail !== "rough" || isPlain(shape) || length >= most) return most;
  return 2 ** Math.floor(Math.log2(length));
}

/** Around an eighth of the layers, where types begin to alternate (`use_more_bits`, src/llama-quant.cpp, v0.4.0). */
const alternatingLayers = 4;

function firstAlternating({ n_layers }: ModelShape): number {
  return Math.max(0, Math.floor(n_layers / 8) - 1);
}
