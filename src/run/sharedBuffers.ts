/** Buffers of devices that compute every layer together: llama.cpp states the largest share, and each device's is another. */
import type { DeviceBuffers } from "../bench/memoryUse.ts";
import type { SplitMode } from "../bench/settings.ts";
import type { MemoryPrediction } from "../fit/predictMemory.ts";

type Share = "weightsBytes" | "kvBytes" | "stateBytes";

/**
 * In the proportions that the tensors are cut in, where they are known. Compute buffers are as large on each device.
 *
 * @param stated by device, each as the largest of them
 */
export function sharedBuffers(
  stated: readonly DeviceBuffers[],
  splitMode: SplitMode,
  prediction: MemoryPrediction | null,
): readonly DeviceBuffers[] {
  if (splitMode !== "tensor" || prediction === null) return stated;
  const { devices } = prediction;
  const shareOf = (name: string, of: Share) => {
    const most = Math.max(...devices.map((device) => device[of]));
    const own = devices.find((device) => device.name === name)?.[of] ?? most;
    return most === 0 ? 1 : own / most;
  };
  return stated.map((buffers) => {
    const { device } = buffers;
    if (device === "host") return buffers;
    const part = (of: Share) => Math.round((buffers[of] ?? 0) * shareOf(device, of));
    return {
      ...buffers,
      weightsBytes: part("weightsBytes"),
      kvBytes: part("kvBytes"),
      stateBytes: part("stateBytes"),
    };
  });
}
