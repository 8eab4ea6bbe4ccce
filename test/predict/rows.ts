import type { CaseRecord } from "../../src/bench/record.ts";
import type { CaseRow } from "../../src/results/columns/columns.ts";
import { caseOf, tested } from "../results/rows.ts";

const MiB = 2 ** 20;

/** Tensor data of Llama 2, in bytes. */
export const llama2Bytes = {
  "7b q4_0": 3647.87 * MiB,
  "7b q8_0": 6828.64 * MiB,
  "7b f16": 12853.02 * MiB,
  "13b q4_0": 7024.01 * MiB,
} as const;

const sizes = {
  "llama-2-7b": { model_n_params: 6738415616, n_layers: 32 },
  "llama-2-13b": { model_n_params: 13015864320, n_layers: 40 },
} as const;

/** A measured case of Llama 2, all of it on the one device. */
export function row(
  model: keyof typeof sizes,
  quantization: string,
  lengths: Parameters<typeof tested>[0],
  avg_ts: number,
  rest: Partial<CaseRow> = {},
): CaseRecord {
  const { model_n_params, n_layers } = sizes[model];
  const weights = llama2Bytes[`${model.slice(8)} ${quantization}` as keyof typeof llama2Bytes];
  return caseOf({
    status: "measured",
    machine: "rtx-4090-24gb",
    n_devices: 1,
    backend: "cuda",
    engine_version: "v0.4.0",
    build_commit: null,
    model,
    model_n_params,
    quantization,
    n_layers,
    n_gpu_layers: n_layers + 1,
    split_mode: "layer",
    n_batch: 2048,
    n_ubatch: 512,
    n_ctx: 512,
    type_k: "f16",
    type_v: "f16",
    flash_attn: 1,
    ...tested(lengths),
    avg_ts,
    weights_bytes: weights,
    ...rest,
  });
}
