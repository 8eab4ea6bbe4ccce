/** How it was measured: placement and context. */
import { flagCell } from "../codes.ts";
import { count, fieldsOf, made, text } from "./column.ts";

const setting = fieldsOf("settings");

export const settingColumns = {
  n_gpu_layers: setting(
    "gpuLayers",
    count,
    "",
    "layers on the device, counted from the end; n_layers + 1 has the output layer too",
    "never loaded",
  ),
  split_mode: setting(
    "splitMode",
    text,
    "",
    "`none`, `layer`, `row` or `tensor`: how several devices share the model",
    "unknown",
  ),
  main_gpu: setting("mainGpu", count, "", "number of the main device", "unknown"),
  tensor_split: setting(
    "tensorSplit",
    text,
    "",
    "shares of the devices, joined with `/`; `0.00` leaves them to llama.cpp",
    "unknown",
  ),
  n_cpu_moe: setting("nCpuMoe", count, "", "layers whose experts stay in host memory", "unknown"),
  no_kv_offload: made(
    count,
    ({ settings }) => flagCell(settings.noKvOffload),
    "",
    "1: the KV cache stays in host memory",
    "unknown",
  ),
  load_mode: setting(
    "loadMode",
    text,
    "",
    "how the file is read: `mmap` or `none`",
    "never loaded",
  ),
  n_threads: setting("nThreads", count, "", "CPU threads, requested", "unknown"),
  n_batch: setting("nBatch", count, "tokens", "logical batch, requested", "unknown"),
  n_ubatch: setting("nUbatch", count, "tokens", "physical batch, requested", "unknown"),
  n_ctx: setting(
    "nCtx",
    count,
    "tokens",
    "context as llama.cpp made it: padded to 256",
    "no context was made",
  ),
  type_k: setting("typeK", text, "", "type of the K cache", "unknown"),
  type_v: setting("typeV", text, "", "type of the V cache", "unknown"),
  flash_attn: made(
    count,
    ({ settings }) => flagCell(settings.flashAttn),
    "",
    "1 on, 0 off, as resolved",
    "no context was made",
  ),
} as const;
