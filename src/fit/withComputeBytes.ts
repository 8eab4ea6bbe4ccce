/** A prediction with other compute buffers than those that were laid out: told by llama.cpp, or corrected. */
import { sumOf } from "../base/sumOf.ts";
import type { MemoryPrediction } from "./predictMemory.ts";

/** @param bytesOf a place's name and what was laid out for it; `host` for the host */
export function withComputeBytes(
  prediction: MemoryPrediction,
  bytesOf: (place: string, laidOut: number) => number,
): MemoryPrediction {
  const devices = prediction.devices.map((device) => {
    const computeBytes = bytesOf(device.name, device.computeBytes);
    const { name, runtimeBytes, allocation, weightsBytes, kvBytes, stateBytes } = device;
    const { outputBytes } = device;
    const totalBytes = device.totalBytes + computeBytes - device.computeBytes;
    return {
      name,
      runtimeBytes,
      allocation,
      weightsBytes,
      kvBytes,
      stateBytes,
      computeBytes,
      outputBytes,
      totalBytes,
    };
  });
  const { nLayers, nGpuLayers, nCtx, weightsBytes, kvBytes, stateBytes, attendsOnHost } =
    prediction;
  const host = withHostCompute(prediction.host, bytesOf("host", prediction.host.computeBytes));
  return {
    devices,
    host,
    nLayers,
    nGpuLayers,
    nCtx,
    weightsBytes,
    kvBytes,
    stateBytes,
    computeBytes: sumOf(devices, ({ computeBytes }) => computeBytes) + host.computeBytes,
    deviceBytes: sumOf(devices, ({ totalBytes }) => totalBytes),
    hostBytes: host.totalBytes,
    attendsOnHost,
  };
}

function withHostCompute(
  host: MemoryPrediction["host"],
  computeBytes: number,
): MemoryPrediction["host"] {
  const more = computeBytes - host.computeBytes;
  const { weightsBytes, kvBytes, stateBytes, outputBytes, namedBytes } = host;
  return {
    weightsBytes,
    kvBytes,
    stateBytes,
    computeBytes,
    outputBytes,
    totalBytes: host.totalBytes + more,
    residentBytes: host.residentBytes + more,
    namedBytes,
  };
}
