/** A second embedding, which each token has for each layer (src/models/gemma4.cpp, v0.4.0). */
import type { Batch, GraphLayer } from "./batch.ts";
import { input, op, product, weight } from "./graphParts.ts";
import { view, type GraphTensor } from "./graphTensor.ts";

/** Of all layers; null where the model has none. */
export function layerEmbeddings(batch: Batch, embedded: GraphTensor): GraphTensor | null {
  const { shape, others, nTokens } = batch.plan;
  const { per_layer_embedding: width, n_layers } = shape;
  const table = others["per_layer_token_embd.weight"];
  if (width === undefined || table === undefined) return null;
  const ne = [width, n_layers, nTokens];
  const rows = op(
    "get_rows",
    [width * n_layers, nTokens],
    [weight(table), input("i32", [nTokens])],
  );
  const selected = op("scale", ne, [view(rows, ne)]);
  batch.graph.expand(selected);
  const projected = product(others, "per_layer_model_proj", embedded, width * n_layers);
  const scaled = view(op("scale", projected.ne, [projected]), ne);
  const normed = batch.norm(scaled, others["per_layer_proj_norm.weight"], null);
  const sum = op("add", ne, [normed, selected]);
  const both = op("scale", ne, [sum]);
  const byLayer = [width, nTokens, n_layers];
  return op("cont", byLayer, [view(both, byLayer, true)]);
}

/** @param all as `layerEmbeddings` gives them */
export function withLayerEmbedding(
  batch: Batch,
  { weights, home }: GraphLayer,
  current: GraphTensor,
  all: GraphTensor,
): GraphTensor {
  const { n_embd } = batch.plan.shape;
  const [width = 1, nTokens = 1] = all.ne;
  const ne = [width, nTokens];
  const gate = product(weights, "inp_gate", current, width);
  const active = op("unary", ne, [gate]);
  const own = op("mul", ne, [active, view(all, ne)]);
  const back = batch.norm(product(weights, "proj", own, n_embd), weights["post_norm.weight"], home);
  return op("add", back.ne, [current, back]);
}
