/** Weights of recurrences that a device may have no kernel for: llama.cpp leaves those to the host (weight_buft_supported, src/llama-model-loader.cpp, v0.4.0). */
import type { Hyperparameters } from "../gguf/hyperparameters.ts";
import type { FileTensor } from "./memoryModel.ts";

/** The operation that a weight is tried with. */
export type Recurrence =
  | {
      /** GGML_OP_SSM_SCAN. */
      readonly kind: "scan";
      readonly stateSize: number;
      readonly headSize: number;
      readonly heads: number;
      readonly groups: number;
      /** One decay a head, as Mamba 2 has them, and not one for each element of the state. */
      readonly oneDecay: boolean;
    }
  /** GGML_OP_SSM_CONV. */
  | { readonly kind: "convolution"; readonly channels: number };

/** The others multiply with what stands in `ssm_a`. */
const scanning: ReadonlySet<string> = new Set([
  "mamba",
  "mamba2",
  "jamba",
  "plamo2",
  "falcon-h1",
  "granitehybrid",
  "nemotron_h",
  "nemotron_h_moe",
]);

const convolutions = [".ssm_conv1d.weight", ".shortconv.conv.weight", ".ple_conv1d.weight"];

/** Null where a weight is no part of a recurrence. */
export function recurrenceOf(
  { architecture, state }: Pick<Hyperparameters, "architecture" | "state">,
  { name, dims: [first = 1, second = 1] }: Pick<FileTensor, "name" | "dims">,
): Recurrence | null {
  if (convolutions.some((end) => name.endsWith(end)))
    return { kind: "convolution", channels: second };
  if (!name.endsWith(".ssm_a") || state?.kind !== "ssm" || !scanning.has(architecture)) return null;
  const oneDecay = first === 1;
  return {
    kind: "scan",
    stateSize: oneDecay ? state.stateSize : first,
    headSize: Math.floor(state.innerSize / second),
    heads: second,
    groups: state.groups === 0 ? 1 : state.groups,
    oneDecay,
  };
}
