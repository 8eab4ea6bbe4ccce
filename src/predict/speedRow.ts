/** The columns of a result that say how fast what was: a row of the CSV, or what is known of one. */
import type { Backend } from "./datasheet.ts";

export interface SpeedRow {
  readonly status: string;
  readonly machine: string;
  readonly n_devices: number | null;
  readonly backend: Backend | null;
  readonly engine_version: string | null;
  readonly build_commit: string | null;
  readonly model: string;
  readonly model_n_params: number | null;
  readonly quantization: string | null;
  readonly n_layers: number | null;
  readonly n_gpu_layers: number | null;
  readonly split_mode: string | null;
  readonly n_batch: number | null;
  readonly n_ubatch: number | null;
  readonly n_ctx: number | null;
  readonly type_k: string | null;
  readonly type_v: string | null;
  readonly flash_attn: number | null;
  readonly n_prompt: number;
  readonly n_gen: number;
  readonly n_depth: number;
  readonly avg_ts: number | null;
  readonly weights_bytes: number | null;
  readonly kv_bytes: number | null;
}
