/** What memory it was predicted to need, and what it took. */
import { fits } from "../../bench/fit.ts";
import { count, fieldsOf, oneOf } from "./column.ts";

const fit = fieldsOf("fit");
const memory = fieldsOf("memory");

export const memoryColumns = {
  fit: fit(
    "atCase",
    oneOf(fits),
    "",
    "prediction: `full`, `partial`, `none` or `unknown`, at the case's own context, whatever came of it",
    "not predicted",
  ),
  fit_ctx: fit(
    "useCtx",
    count,
    "tokens",
    "context of use that `fit_at_ctx` speaks of (`--ctx`)",
    "not predicted",
  ),
  fit_at_ctx: fit(
    "atUse",
    oneOf(fits),
    "",
    "`full`, `partial`, `none` or `unknown` at `fit_ctx`",
    "not predicted",
  ),
  max_ctx: fit(
    "maxCtx",
    count,
    "tokens",
    "largest context with everything on the device",
    "none, or not predicted",
  ),
  weights_bytes: memory("weightsBytes", count, "bytes", "tensor data of the file", "unknown"),
  kv_bytes: memory("kvBytes", count, "bytes", "KV cache, devices and host together", "unknown"),
  compute_bytes: memory(
    "computeBytes",
    count,
    "bytes",
    "compute buffers, devices and host together",
    "unknown",
  ),
  device_bytes_predicted: memory(
    "devicePredicted",
    count,
    "bytes",
    "llama.cpp's buffers on the devices, as predicted",
    "not predicted",
  ),
  device_bytes_measured: memory(
    "deviceMeasured",
    count,
    "bytes",
    "the same, as llama.cpp's log states them",
    "not measured",
  ),
  host_bytes_predicted: memory(
    "hostPredicted",
    count,
    "bytes",
    "llama.cpp's buffers in host memory, as predicted",
    "not predicted",
  ),
  host_bytes_measured: memory(
    "hostMeasured",
    count,
    "bytes",
    "the same, as llama.cpp's log states them",
    "not measured",
  ),
} as const;
