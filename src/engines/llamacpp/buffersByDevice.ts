import type { DeviceBuffers } from "../../bench/memoryUse.ts";
import { deviceOf, weightsIn, type BufferUse, type LoggedBuffer } from "./engineLog.ts";

type Sum = { -readonly [Field in keyof DeviceBuffers]: NonNullable<DeviceBuffers[Field]> };

const fields = {
  model: "weightsBytes",
  KV: "kvBytes",
  state: "stateBytes",
  compute: "computeBytes",
  output: "outputBytes",
} as const satisfies Record<BufferUse, keyof DeviceBuffers>;

/** llama.cpp's buffers summed by device, in the order of the devices, the host last. */
export function buffersByDevice(
  buffers: readonly LoggedBuffer[],
  devices: readonly { readonly name: string }[] = [],
): DeviceBuffers[] {
  const sums = new Map<string, Sum>();
  for (const buffer of buffers) {
    const device = deviceOf(buffer);
    const sum = sums.get(device) ?? nothingOn(device);
    sum[fields[buffer.use]] += buffer.bytes;
    if (buffer.use === "model" && weightsIn(buffer) === "mapped")
      sum.weightsMappedBytes += buffer.bytes;
    if (buffer.use === "model" && weightsIn(buffer) === "repacked")
      sum.weightsRepackedBytes += buffer.bytes;
    sums.set(device, sum);
  }
  const rank = ({ device }: Sum) => {
    const index = devices.findIndex(({ name }) => name === device);
    return index === -1 ? devices.length + (device === "host" ? 1 : 0) : index;
  };
  return [...sums.values()].sort((a, b) => rank(a) - rank(b));
}

function nothingOn(device: string): Sum {
  return {
    device,
    weightsBytes: 0,
    weightsMappedBytes: 0,
    weightsRepackedBytes: 0,
    kvBytes: 0,
    stateBytes: 0,
    computeBytes: 0,
    outputBytes: 0,
  };
}
