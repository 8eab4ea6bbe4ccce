/** The memory columns that follow from llama.cpp's buffers. */
import type { CaseResult } from "./caseResult.ts";

type Buffers = CaseResult["buffers"];

export type MeasuredMemory = Pick<
  CaseResult,
  "kv_bytes" | "compute_bytes" | "device_bytes_measured" | "host_bytes_measured"
>;

/** All that llama.cpp holds on one device or on the host. */
export function bytesOn(buffer: Buffers[number]): number {
  return buffer.weights_bytes + buffer.kv_bytes + buffer.compute_bytes + buffer.output_bytes;
}

export function measuredMemory(buffers: Buffers): MeasuredMemory {
  const total = (bytes: (buffer: Buffers[number]) => number) =>
    buffers.reduce((sum, buffer) => sum + bytes(buffer), 0);
  return {
    kv_bytes: total((buffer) => buffer.kv_bytes),
    compute_bytes: total((buffer) => buffer.compute_bytes),
    device_bytes_measured: total((buffer) => (buffer.device === "host" ? 0 : bytesOn(buffer))),
    host_bytes_measured: total((buffer) => (buffer.device === "host" ? bytesOn(buffer) : 0)),
  };
}
