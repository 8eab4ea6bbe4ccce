import {
  deviceOf,
  weightsIn,
  type BufferUse,
  type LoggedBuffer,
} from "../../llamacpp/engineLog.ts";
import type { CaseResult } from "../../results/caseResult.ts";

type Columns = Exclude<keyof CaseResult["buffers"][number], "device">;

type DeviceMemory = { readonly device: string } & Record<Columns, number>;

const columns = {
  model: "weights_bytes",
  KV: "kv_bytes",
  state: "kv_bytes",
  compute: "compute_bytes",
  output: "output_bytes",
} as const satisfies Record<BufferUse, keyof DeviceMemory>;

/** llama.cpp's buffers summed by device, in the order of the devices, the host last. */
export function buffersByDevice(
  buffers: readonly LoggedBuffer[],
  devices: readonly { readonly name: string }[] = [],
): DeviceMemory[] {
  const sums = new Map<string, DeviceMemory>();
  for (const buffer of buffers) {
    const device = deviceOf(buffer);
    const sum = sums.get(device) ?? {
      device,
      weights_bytes: 0,
      weights_mapped_bytes: 0,
      weights_repacked_bytes: 0,
      kv_bytes: 0,
      compute_bytes: 0,
      output_bytes: 0,
    };
    sum[columns[buffer.use]] += buffer.bytes;
    if (buffer.use === "model" && weightsIn(buffer) === "mapped")
      sum.weights_mapped_bytes += buffer.bytes;
    if (buffer.use === "model" && weightsIn(buffer) === "repacked")
      sum.weights_repacked_bytes += buffer.bytes;
    sums.set(device, sum);
  }
  const rank = ({ device }: DeviceMemory) => {
    const index = devices.findIndex(({ name }) => name === device);
    return index === -1 ? devices.length + (device === "host" ? 1 : 0) : index;
  };
  return [...sums.values()].sort((a, b) => rank(a) - rank(b));
}
