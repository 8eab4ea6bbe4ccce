/** The memory columns that follow from llama.cpp's buffers. */
import type { CaseResult } from "./caseResult.ts";

type Buffers = CaseResult["buffers"];

export type MeasuredMemory = Pick<
  CaseResult,
  "kv_bytes" | "compute_bytes" | "device_bytes_measured" | "host_bytes_measured"
>;

export function measuredMemory(buffers: Buffers): MeasuredMemory {
  const total = (bytes: (buffer: Buffers[number]) => number) =>
    buffers.reduce((sum, buffer) => sum + bytes(buffer), 0);
  const all = (buffer: Buffers[number]) =>
    buffer.weights_bytes + buffer.kv_bytes + buffer.compute_bytes + buffer.output_bytes;
  return {
    kv_bytes: total((buffer) => buffer.kv_bytes),
    compute_bytes: total((buffer) => buffer.compute_bytes),
    device_bytes_measured: total((buffer) => (buffer.device === "host" ? 0 : all(buffer))),
    host_bytes_measured: total((buffer) => (buffer.device === "host" ? all(buffer) : 0)),
  };
}
