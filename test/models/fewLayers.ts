/** A model with the fewest layers that hold one of each of its kinds, few experts and a small vocabulary: its widths are its own. */
import type { ModelShape } from "../../src/gguf/modelShape.ts";

type Recurrent = NonNullable<ModelShape["recurrent"]>;

export function fewLayers(shape: ModelShape): ModelShape {
  const { experts, sliding_window, recurrent, feed_forward_layers, shared_kv, indexer } = shape;
  // llama.cpp turns no heads of each fourth layer of Llama 4, and gives up where there is none.
  const fourth = shape.architecture === "llama4";
  const lead = experts?.leading_dense === undefined ? 0 : 1;
  return {
    ...shape,
    // One that is recurrent, one that attends, and of layers that are one thing alone a feed-forward part.
    n_layers: feed_forward_layers ? 3 : shared_kv || fourth ? 4 : 2,
    n_vocab: 1024,
    n_ctx_train: 4096,
    experts: experts && {
      ...experts,
      count: Math.max(experts.used, Math.min(experts.count, 2 * experts.used, 16)),
      ...(lead > 0 ? { leading_dense: lead } : {}),
      ...(experts.hashed === undefined ? {} : { hashed: 1 }),
    },
    sliding_window:
      sliding_window && (fourth ? sliding_window : { ...sliding_window, tokens: 64, period: 2 }),
    recurrent: recurrent && fewRecurrent(recurrent, feed_forward_layers !== undefined),
    feed_forward_layers: feed_forward_layers && [1],
    shared_kv: shared_kv && { ...shared_kv, layers: 2 },
    compressed: shape.compressed && { ...shape.compressed, ratios: [4, 128] },
    indexer: indexer && { ...indexer, ...(indexer.layers ? { layers: [0] } : {}) },
  };
}

function fewRecurrent(recurrent: Recurrent, alone: boolean): Recurrent {
  return {
    ...recurrent,
    attention: "every" in recurrent.attention ? { every: 2 } : { layers: [alone ? 2 : 1] },
  };
}
