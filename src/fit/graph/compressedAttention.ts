/** Attention to a window of tokens and to cells that stand for several before it (src/models/deepseek4.cpp, v0.4.0). */
import type { Batch, GraphLayer } from "./batch.ts";
import { attended, storeRows } from "./cachedAttention.ts";
import { rotated } from "./cacheInputs.ts";
import { compress, gathered } from "./compressor.ts";
import type { Compression } from "./compressorInputs.ts";
import { op, product, weight } from "./graphParts.ts";
import { graphTensor, view, type GraphTensor } from "./graphTensor.ts";
import { chosenMask } from "./indexer.ts";

export function compressedAttention(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
): GraphTensor {
  const { plan, graph, positions } = batch;
  const { n_heads, head_size: size, n_embd, compressed } = plan.shape;
  const { query_rank = 1, output_groups: groups = 1, output_rank = 1 } = compressed ?? {};
  const { nTokens } = plan;
  const { weights, home } = layer;
  const ratio = compressed?.ratios[layer.index] ?? 0;
  const down = product(weights, "attn_q_a", normed, query_rank);
  const queryRows = batch.norm(down, weights["attn_q_a_norm.weight"], home);
  const all = view(product(weights, "attn_q_b", queryRows, n_heads * size), [
    size,
    n_heads,
    nTokens,
  ]);
  const q = op("rope", all.ne, [op("rms_norm", all.ne, [all]), positions]);
  const rows = batch.norm(
    product(weights, "attn_kv", normed, size),
    weights["attn_kv_a_norm.weight"],
    home,
  );
  const heads = view(rows, [size, 1, nTokens]);
  const kv = op("rope", heads.ne, [heads, positions]);
  const choice = compressedCells(batch, layer, normed, ratio);
  const cells = ratio === 0 ? null : batch.compressorInputs(compressionOf(batch, ratio));
  const chosen = choice ? chosenCells(batch, layer, normed, queryRows) : null;
  const raw = batch.cacheOf({ ...layer, windowed: true });
  const [queries, keys] = [rotated(q, raw.kRotation), rotated(kv, raw.kRotation)];
  graph.expand(queries);
  graph.expand(keys);
  const cache = graphTensor("none", plan.typeK, [size, raw.nCtx], [], { home: layer.kvHome });
  storeRows(batch, cache, keys, raw.kIndices);
  const joined = cells === null ? cache : joinedCaches(batch, layer, cache, cells.cells);
  const nCtx = raw.nCtx + (cells?.cells ?? 0);
  const ofCells =
    cells === null || chosen === null
      ? (cells?.mask ?? null)
      : chosenMask(cells.mask, chosen, cells.cells, nTokens, plan.flashAttn ? "f16" : "f32");
  const mask =
    ofCells === null
      ? raw.mask
      : graphTensor("concat", raw.mask.type, [nCtx, nTokens], [raw.mask, ofCells]);
  const sizes = { nCtx, heads: n_heads, kvHeads: 1, key: size, value: size, latent: true };
  const mixed = rotated(
    attended(batch, layer, sizes, [queries, joined, joined], mask),
    raw.kRotation,
  );
  const byHead = view(mixed, [size, n_heads, nTokens]);
  const turned = op("rope_back", byHead.ne, [byHead, positions]);
  const each = (n_heads / groups) * size;
  const byGroup = view(view(turned, [each, groups, nTokens]), [each, nTokens, groups], true);
  const first = weights["attn_output_a.weight"];
  const grouped = op(
    "mul_mat",
    [output_rank, nTokens, groups],
    first ? [weight(first), byGroup] : [byGroup],
  );
  const byToken = view(grouped, [output_rank, groups, nTokens], true);
  const flat = op("cont", [output_rank * groups, nTokens], [byToken]);
  return product(weights, "attn_output_b", flat, n_embd);
}

/** DSV4_CSA_RATIO: of cells of so few tokens an indexer chooses. */
const sparseRatio = 4;

function compressionOf({ plan }: Batch, ratio: number): Compression {
  return { ratio, overlaps: ratio === sparseRatio, size: plan.shape.head_size, indexes: false };
}

function indexCompression({ plan }: Batch): Compression {
  const size = plan.shape.indexer?.head_size ?? 1;
  return { ratio: sparseRatio, overlaps: true, size, indexes: true };
}

/** Makes the batch's cells. Returns whether an indexer chooses among them. */
function compressedCells(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  ratio: number,
): boolean {
  if (ratio === 0) return false;
  const own = (name: string, compression: Compression) => {
    const inputs = batch.compressorInputs(compression);
    const of = gathered(layer, name, normed, compression, inputs);
    compress(batch, layer, name, of, compression, inputs);
  };
  own("attn_compressor", compressionOf(batch, ratio));
  if (ratio !== sparseRatio) return false;
  own("indexer_compressor", indexCompression(batch));
  return true;
}

/** build_lid_top_k. */
function chosenCells(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  queryRows: GraphTensor,
): GraphTensor {
  const { plan, positions } = batch;
  const { n_heads: heads = 1, head_size: size = 1, top_k = 1 } = plan.shape.indexer ?? {};
  const { nTokens } = plan;
  const { cells, mask, rotation } = batch.compressorInputs(indexCompression(batch));
  const { weights, kvHome } = layer;
  const made = view(product(weights, "indexer.attn_q_b", queryRows, heads * size), [
    size,
    heads,
    nTokens,
  ]);
  const q = rotated(op("rope", made.ne, [made, positions]), rotation);
  const proj = product(weights, "indexer.proj", normed, heads);
  const scales = op("scale", proj.ne, [proj]);
  const cache = graphTensor("none", plan.typeK, [size, cells], [], { home: kvHome });
  const keys = view(view(cache, [size, 1, cells]), [size, 1, cells]);
  const scores = op(
    "indexer",
    [cells, nTokens],
    [view(q, q.ne), keys, view(scales, scales.ne), mask],
  );
  const ranked = graphTensor("top_k", "i32", [Math.min(cells, top_k), nTokens], [scores]);
  return graphTensor("cont", "i32", ranked.ne, [ranked]);
}

/** The window's keys, and the cells' behind them. */
function joinedCaches(
  { plan }: Batch,
  { kvHome }: GraphLayer,
  window: GraphTensor,
  cells: number,
): GraphTensor {
  const { head_size: size } = plan.shape;
  const [, tokens = 1] = window.ne;
  const cache = graphTensor("none", plan.typeK, [size, cells], [], { home: kvHome });
  const of = (one: GraphTensor, count: number) => view(one, [size, 1, count]);
  return graphTensor(
    "concat",
    plan.typeK,
    [size, 1, tokens + cells],
    [of(window, tokens), view(of(cache, cells), [size, 1, cells])],
  );
}
