/** Memory as the engine's buffers add up to it. */
import type { MemoryFacts } from "./record.ts";
import type { DeviceBuffers } from "./memoryUse.ts";

/** All that the engine holds on one device or on the host. */
export function bytesOn(buffers: DeviceBuffers): number {
  const { weightsBytes, kvBytes, stateBytes, computeBytes, outputBytes } = buffers;
  return weightsBytes + kvBytes + (stateBytes ?? 0) + computeBytes + outputBytes;
}

export type MeasuredMemory = Pick<
  MemoryFacts,
  "kvBytes" | "stateBytes" | "computeBytes" | "deviceMeasured" | "hostMeasured"
>;

/** Of an engine that names none, nothing is known. */
export function bufferTotals(buffers: readonly DeviceBuffers[]): Partial<MeasuredMemory> {
  if (buffers.length === 0) return {};
  const total = (bytes: (one: DeviceBuffers) => number) =>
    buffers.reduce((sum, one) => sum + bytes(one), 0);
  return {
    kvBytes: total(({ kvBytes }) => kvBytes),
    stateBytes: buffers.some(({ stateBytes }) => stateBytes === null)
      ? null
      : total(({ stateBytes }) => stateBytes ?? 0),
    computeBytes: total(({ computeBytes }) => computeBytes),
    deviceMeasured: total((one) => (one.device === "host" ? 0 : bytesOn(one))),
    hostMeasured: total((one) => (one.device === "host" ? bytesOn(one) : 0)),
  };
}
