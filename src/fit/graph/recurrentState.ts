/** States of recurrent layers in a graph: how they are read, and written back (build_rs, src/llama-graph.cpp; build_conv_state, src/models/delta-net-base.cpp, v0.4.0). */
import type { Batch, GraphLayer } from "./batch.ts";
import { op, weight } from "./graphParts.ts";
import { graphTensor, slice, view, type GraphTensor } from "./graphTensor.ts";

/** What a layer remembers of one sequence, where its cache lies. */
export function stateOf({ kvHome }: GraphLayer, elements: number): GraphTensor {
  return graphTensor("none", "f32", [elements, 1], [], { home: kvHome });
}

/**
 * A state that begins anew is cleared first; those of sequences that aren't in the batch are moved after it was read.
 *
 * @param read of all states, what the batch goes on with
 */
export function readState(
  { graph, stateCopies }: Batch,
  state: GraphTensor,
  read: (states: GraphTensor) => GraphTensor = (states) =>
    op("get_rows", [state.ne[0] ?? 1, 1], [states, stateCopies.main]),
): GraphTensor {
  const [elements = 1] = state.ne;
  const states = view(state, state.ne);
  const first = view(states, [elements]);
  graph.expand(graphTensor("scale", "f32", [elements], [first], { viewOf: state }));
  const given = read(states);
  graph.expand(given);
  const others = op("get_rows", [elements, 0], [states, stateCopies.extra]);
  writeState({ graph }, others, state);
  return given;
}

export function writeState(
  { graph }: Pick<Batch, "graph">,
  values: GraphTensor,
  state: GraphTensor,
): void {
  const into = view(state, values.ne);
  graph.expand(graphTensor("copy", "f32", values.ne, [values, into], { viewOf: state }));
}

/**
 * Rows of a short convolution: the last tokens of before, and the batch's, channel by channel. The last ones of all are
 * remembered.
 *
 * @param tokens by channel: a view of the batch's rows
 */
export function convolutionRows(
  batch: Batch,
  layer: GraphLayer,
  kernel: number,
  tokens: GraphTensor,
): GraphTensor {
  const [nTokens = 1, channels = 1] = tokens.ne;
  const before = kernel - 1;
  const state = stateOf(layer, before * channels);
  const remembered = view(readState(batch, state), [before, channels]);
  const rows = op("concat", [before + nTokens, channels], [remembered, tokens]);
  writeState(batch, slice(rows, [before, channels]), state);
  return rows;
}

/** A convolution of each channel. */
export function convolved(
  rows: GraphTensor,
  { weights }: GraphLayer,
  name: string,
  nTokens: number,
): GraphTensor {
  const [, channels = 1] = rows.ne;
  const kernel = weights[`${name}.weight`];
  return op("ssm_conv", [channels, nTokens], [rows, ...(kernel ? [weight(kernel)] : [])]);
}
