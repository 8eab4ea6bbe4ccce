/** What a recurrent layer remembers of one sequence (llama_hparams::n_embd_r, n_embd_s and ple_conv_state, src/llama-hparams.cpp, v0.4.0). */
import type { Hyperparameters, RecurrentState } from "../../gguf/hyperparameters.ts";

/** Elements of each tensor. */
export function stateTensors(model: Hyperparameters, layer: number): readonly number[] {
  const { state } = model;
  if (state === null) return [];
  const { shifted, remembered } = elementsOf(state, model);
  const history = state.kind === "ssm" && state.history?.layers.includes(layer) === true;
  return [shifted, remembered, ...(history ? [state.history?.elements ?? 0] : [])];
}

interface StateElements {
  /** The last tokens' inputs, of which a convolution makes the next. */
  readonly shifted: number;
  readonly remembered: number;
}

function elementsOf(state: RecurrentState, { embedding, heads }: Hyperparameters): StateElements {
  const [nHeads = 0] = heads;
  switch (state.kind) {
    case "ssm": {
      const { convKernel, innerSize, stateSize, groups } = state;
      return {
        shifted: Math.max(0, convKernel - 1) * (innerSize + 2 * groups * stateSize),
        remembered: stateSize * innerSize,
      };
    }
    case "kda": {
      const { convKernel, headSize } = state;
      // Queries, keys and values; a kernel of 4 where the file states none.
      return {
        shifted: 3 * (convKernel > 0 ? convKernel - 1 : 3) * nHeads * headSize,
        remembered: headSize * headSize * nHeads,
      };
    }
    case "lightning":
      return { shifted: 0, remembered: state.headSize * state.headSize * nHeads };
    case "rwkv":
      return {
        shifted: state.tokenShifts * embedding,
        remembered: embedding * state.headSize,
      };
    case "shortconv":
      return { shifted: embedding * (state.cache - 1), remembered: 0 };
    default:
      return state satisfies never;
  }
}
