/** The recurrent layers of a file. */
import type { ArchitectureKeys } from "./architectureKeys.ts";
import type { Hyperparameters } from "./hyperparameters.ts";
import type { RecurrentShape } from "./recurrentShape.ts";

/** Undefined where no layer is recurrent, or none attends. */
export function recurrentOf(
  kind: RecurrentShape["kind"] | undefined,
  parameters: Hyperparameters,
  keys: ArchitectureKeys,
): Record<string, unknown> | undefined {
  if (kind === undefined) return undefined;
  const number = (key: string) => keys.number(key) ?? 0;
  const attention = attendingLayers(parameters);
  const conv_kernel = number("ssm.conv_kernel");
  switch (kind) {
    case "delta_net":
      return {
        kind,
        conv_kernel,
        head_size: number("ssm.state_size"),
        key_heads: number("ssm.group_count"),
        value_heads: number("ssm.time_step_rank"),
        attention,
      };
    case "mamba2":
      return {
        kind,
        conv_kernel,
        state_size: number("ssm.state_size"),
        heads: number("ssm.time_step_rank"),
        head_size: number("ssm.inner_size") / number("ssm.time_step_rank"),
        groups: number("ssm.group_count"),
        attention,
      };
    case "short_convolution":
      return { kind, conv_kernel: number("shortconv.l_cache"), attention };
    default:
      return kind satisfies never;
  }
}

function attendingLayers({
  recurrent,
  kvHeads,
  trunkLayers,
}: Hyperparameters): RecurrentShape["attention"] {
  const layers = Array.from({ length: trunkLayers }, (_, layer) => layer).filter(
    (layer) => recurrent[layer] !== true && (kvHeads[layer] ?? 0) > 0,
  );
  const [first = 0] = layers;
  const every = first + 1;
  const regular =
    layers.length === Math.floor(trunkLayers / every) &&
    layers.every((layer, index) => layer + 1 === (index + 1) * every);
  return regular ? { every } : { layers };
}
