/** Tensors that a setting places by name, whatever their layer's place is (llama_model_loader::create_tensor, v0.4.0). */
import { overrideOf, type TensorOverride } from "../bench/tensorOverrides.ts";
import { isOfExperts } from "../gguf/tensorTable.ts";
import type { Place } from "./layerPlacement.ts";
import type { MemoryDevice } from "./memoryDevice.ts";
import type { FileTensor } from "./memoryModel.ts";
import type { MemorySettings } from "./memorySettings.ts";

/** llama.cpp's name of the host's buffer type. */
export const hostBuffer = "CPU";

export interface NamedPlaces {
  /** In a few words: settings of one form place alike. */
  readonly form: string;
  /** Whether every tensor is with its layer. */
  readonly none: boolean;
  /** Null where the layer decides. */
  readonly of: (tensor: Pick<FileTensor, "name" | "layer">) => Place | null;
}

/**
 * llama-bench puts the overrides before the experts that stay on the host, and the first that matches counts.
 *
 * @param devices those that llama.cpp uses
 */
export function namedPlaces(
  { tensorOverrides, nCpuMoe }: Pick<MemorySettings, "tensorOverrides" | "nCpuMoe">,
  devices: readonly MemoryDevice[],
): NamedPlaces {
  const placeOf = ({ buffer }: TensorOverride): Place => {
    const index = devices.findIndex(({ name }) => name === buffer);
    return index === -1 ? "host" : index;
  };
  const overrides = tensorOverrides.map((one) => `${one.pattern}=${placeOf(one)}`);
  return {
    form: [nCpuMoe, ...overrides].join(";"),
    none: nCpuMoe === 0 && tensorOverrides.length === 0,
    of({ name, layer }) {
      const override = tensorOverrides.length === 0 ? null : overrideOf(name, tensorOverrides);
      if (override !== null) return placeOf(override);
      return layer >= 0 && layer < nCpuMoe && isOfExperts(name) ? "host" : null;
    },
  };
}
