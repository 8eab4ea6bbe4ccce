/** Mamba 2 (src/models/mamba-base.cpp, v0.4.0). */
import { mamba2Widths, type RecurrentShape } from "../../gguf/recurrentShape.ts";
import type { Batch, GraphLayer } from "./batch.ts";
import { biased, op, product, weight } from "./graphParts.ts";
import { slice, view, type GraphTensor } from "./graphTensor.ts";
import { convolved, readState, stateOf, writeState } from "./recurrentState.ts";

type Mamba2 = Extract<RecurrentShape, { kind: "mamba2" }>;

export function mamba2(
  batch: Batch,
  layer: GraphLayer,
  normed: GraphTensor,
  recurrent: Mamba2,
): GraphTensor {
  const { n_embd } = batch.plan.shape;
  const { nTokens } = batch.plan;
  const { weights, home } = layer;
  const { heads, head_size: size, groups, state_size, conv_kernel } = recurrent;
  const { inner, grouped } = mamba2Widths(recurrent);
  const channels = inner + grouped;
  const before = conv_kernel - 1;
  const history = stateOf(layer, before * channels);
  const remembered = view(readState(batch, history), [before, channels]);
  const all = product(weights, "ssm_in", normed, 2 * inner + grouped + heads);
  const joined = view(all, all.ne);
  const byHead = [size, heads, nTokens];
  const gate = slice(joined, byHead);
  const tokens = view(slice(joined, [channels, nTokens]), [nTokens, channels], true);
  const rows = op("concat", [before + nTokens, channels], [remembered, tokens]);
  writeState(batch, slice(rows, [before, channels]), history);
  const filtered = biased(
    convolved(rows, layer, "ssm_conv1d", nTokens),
    weights["ssm_conv1d.bias"],
  );
  const active = op("unary", filtered.ne, [filtered]);
  const given = slice(active, byHead);
  const shared = () => slice(active, [state_size, groups, nTokens]);
  const steps = op("cont", [heads, nTokens], [slice(joined, [heads, nTokens])]);
  const decay = weights["ssm_a"];
  const state = stateOf(layer, state_size * inner);
  const scanned = readState(batch, state, (states) =>
    op(
      "ssm_scan",
      [inner * nTokens + state_size * inner],
      [
        view(states, [state_size, size, heads, 1]),
        given,
        biased(steps, weights["ssm_dt.bias"]),
        ...(decay ? [weight(decay)] : []),
        shared(),
        shared(),
        batch.stateCopies.main,
      ],
    ),
  );
  writeState(batch, view(scanned, [state_size * inner, 1]), state);
  const skip = weights["ssm_d"];
  const skipped = op("mul", byHead, [given, ...(skip ? [weight(skip)] : [])]);
  const sum = op("add", byHead, [view(scanned, byHead), skipped]);
  const gated = op("glu", byHead, [op("cont", byHead, [gate]), sum]);
  const normedGroups = batch.norm(
    view(gated, [inner / groups, groups, nTokens]),
    weights["ssm_norm.weight"],
    home,
  );
  return product(weights, "ssm_out", view(normedGroups, [inner, nTokens]), n_embd);
}
