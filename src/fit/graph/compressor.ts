/** How tokens become cells that stand for several (build_attention_impl, src/models/deepseek4.cpp, v0.4.0). */
import { bytesOf } from "../../gguf/ggmlTypes.ts";
import type { Batch, GraphLayer } from "./batch.ts";
import { rotated } from "./cacheInputs.ts";
import { keptTokens, type Compression, type CompressorInputs } from "./compressorInputs.ts";
import { op, product, weight } from "./graphParts.ts";
import { graphTensor, view, type GraphTensor } from "./graphTensor.ts";

/** What is gathered of each token, and how much it counts in its cell. */
export interface Gathered {
  readonly values: GraphTensor;
  readonly scores: GraphTensor;
}

/** @param name of the weights: `attn_compressor`, `indexer_compressor` */
export function gathered(
  { weights }: GraphLayer,
  name: string,
  normed: GraphTensor,
  { overlaps, size }: Compression,
  { positions }: CompressorInputs,
): Gathered {
  const width = (overlaps ? 2 : 1) * size;
  const values = product(weights, `${name}_kv`, normed, width);
  const scores = product(weights, `${name}_gate`, normed, width);
  const table = weights[`${name}_ape.weight`];
  const [, nTokens = 1] = normed.ne;
  const rows = op("get_rows", [width, nTokens], table ? [weight(table), positions] : [positions]);
  return { values, scores: op("add", scores.ne, [scores, rows]) };
}

/** Makes the batch's cells, writes them, and keeps what the next batch needs. */
export function compress(
  batch: Batch,
  layer: GraphLayer,
  name: string,
  of: Gathered,
  compression: Compression,
  inputs: CompressorInputs,
): void {
  const { graph, plan } = batch;
  const { kvHome } = layer;
  const { size } = compression;
  const [width = 1] = of.values.ne;
  const rows = keptTokens(compression);
  const state = () => graphTensor("none", "f32", [width, rows], [], { home: kvHome });
  const states = { values: state(), scores: state() };
  const joined = (kept: GraphTensor, now: GraphTensor) => {
    const [, tokens = 1] = now.ne;
    return op("concat", [width, rows + tokens], [view(view(kept, kept.ne), kept.ne), now]);
  };
  const values = joined(states.values, of.values);
  const scores = joined(states.scores, of.scores);
  const cells = compression.overlaps
    ? overlapping(values, scores, compression, inputs)
    : apart(values, scores, compression, inputs);
  const normed = batch.norm(cells, layer.weights[`${name}_norm.weight`], layer.home);
  const turned = op("rope", normed.ne, [normed, inputs.cellPositions]);
  const written = rotated(turned, inputs.rotation);
  const cache = graphTensor("none", plan.typeK, [size, inputs.cells], [], { home: kvHome });
  const [, , blocks = 1] = written.ne;
  graph.expand(
    graphTensor(
      "set_rows",
      cache.type,
      cache.ne,
      [view(written, [size, blocks]), inputs.writes, cache],
      {
        viewOf: cache,
      },
    ),
  );
  const kept = (now: GraphTensor, into: GraphTensor) => {
    const [tokens = 1] = inputs.keptFrom.ne;
    const last = op("get_rows", [width, tokens], [now, inputs.keptFrom]);
    return graphTensor("set_rows", "f32", into.ne, [last, inputs.keptTo, view(into, into.ne)], {
      viewOf: into,
    });
  };
  const next = [kept(of.values, states.values), kept(of.scores, states.scores)];
  for (const tensor of next) graph.expand(tensor);
}

/** build_overlap_compressed_kv_from_state: half of each row is of the cell before. */
function overlapping(
  values: GraphTensor,
  scores: GraphTensor,
  { ratio, size }: Compression,
  { reads, writes }: CompressorInputs,
): GraphTensor {
  const [blocks = 1] = writes.ne;
  const [count = 1] = reads.ne;
  const [width = 1] = values.ne;
  const half = count / 2;
  const all = [withZeroRow(values), withZeroRow(scores)] as const;
  const [valueRows, scoreRows] = all.map((of) => op("get_rows", [width, count], [of, reads])) as [
    GraphTensor,
    GraphTensor,
  ];
  const part = (of: GraphTensor) => {
    const rows = graphTensor("view", of.type, [size, half], [of], {
      bytes: bytesOf(of.type, [width * (half - 1) + size]),
      viewOf: of,
      permuted: true,
    });
    return view(op("cont", [size, half], [rows]), [size, ratio, blocks]);
  };
  const parts = {
    valuesBefore: part(valueRows),
    scoresBefore: part(scoreRows),
    values: part(valueRows),
    scores: part(scoreRows),
  };
  const ne = [size, 2 * ratio, blocks];
  return weighed(
    op("concat", ne, [parts.valuesBefore, parts.values]),
    op("concat", ne, [parts.scoresBefore, parts.scores]),
  );
}

/** build_hca_compressed_kv_from_state. */
function apart(
  values: GraphTensor,
  scores: GraphTensor,
  { ratio, size }: Compression,
  { reads, writes }: CompressorInputs,
): GraphTensor {
  const [blocks = 1] = writes.ne;
  const [count = 1] = reads.ne;
  const rows = (of: GraphTensor) =>
    view(op("get_rows", [size, count], [of, reads]), [size, ratio, blocks]);
  const [valueRows, scoreRows] = [rows(values), rows(scores)];
  return weighed(valueRows, scoreRows);
}

/** A cell is the sum of its tokens, by their scores. */
function weighed(values: GraphTensor, scores: GraphTensor): GraphTensor {
  const [size = 1, tokens = 1, blocks = 1] = values.ne;
  const byElement = [tokens, size, blocks];
  const turnedValues = op("cont", byElement, [view(values, byElement, true)]);
  const turnedScores = op("cont", byElement, [view(scores, byElement, true)]);
  const shares = op("soft_max", byElement, [turnedScores]);
  const parts = op("mul", byElement, [turnedValues, shares]);
  const sum = op("sum_rows", [1, size, blocks], [parts]);
  return op("cont", [size, 1, blocks], [view(sum, [size, 1, blocks], true)]);
}

/** dsv4_append_zero_row. */
function withZeroRow(of: GraphTensor): GraphTensor {
  const [width = 1, rows = 1] = of.ne;
  const row = op("scale", [width], [view(of, [width])]);
  return op("concat", [width, rows + 1], [of, view(row, [width, 1])]);
}
