/** What is kept of cases for predictions beyond their run's folder: the columns that say how fast what was. */
import { z } from "zod";
import type { CaseRecord } from "../bench/record.ts";
import { testName, workloadOf } from "../bench/workload.ts";
import { columns, type CaseRow, type ColumnName } from "./columns/columns.ts";
import { recordOf } from "./recordOf.ts";
import { reportedRowSchema, type ReadRow } from "./row.ts";
import { schemaVersion } from "./schemaVersion.ts";

/** Files of llmbench's cache have these since version 0.1. */
const kept = [
  "case_id",
  "status",
  "machine",
  "n_devices",
  "backend",
  "engine_version",
  "build_commit",
  "model",
  "model_n_params",
  "quantization",
  "n_layers",
  "n_gpu_layers",
  "split_mode",
  "n_batch",
  "n_ubatch",
  "n_ctx",
  "type_k",
  "type_v",
  "flash_attn",
  "n_prompt",
  "n_gen",
  "n_depth",
  "avg_ts",
  "weights_bytes",
  "kv_bytes",
] as const satisfies readonly ColumnName[];

/**
 * What later versions keep too, each with what it is taken for in an older file: how much a row is worth, since version 0.2
 * (older files have sound rows alone), and the threads of the CPU.
 */
const keptLater = {
  warnings: [],
  ci95_low_ts: null,
  ci95_high_ts: null,
  n_threads: null,
} as const satisfies Partial<CaseRow>;

const keptColumns = [...kept, ...(Object.keys(keptLater) as (keyof typeof keptLater)[])] as const;

export type KeptSpeed = Pick<CaseRow, (typeof keptColumns)[number]>;

const rowSchema = z.preprocess(
  (row) => (typeof row === "object" ? { ...keptLater, ...row } : row),
  z.object(Object.fromEntries(keptColumns.map((name) => [name, columns[name].schema]))),
) as unknown as z.ZodType<KeptSpeed>;

/** Nothing else was ever kept: a row without a speed says nothing. */
export const keptSpeedSchema = rowSchema.refine(
  ({ status, avg_ts: speed, n_prompt: prompt, n_gen: generated }) =>
    status === "measured" && speed !== null && (prompt > 0 || generated > 0),
);

export function keptSpeedOf(record: CaseRecord): KeptSpeed {
  return Object.fromEntries(
    keptColumns.map((name) => [name, columns[name].of(record)]),
  ) as KeptSpeed;
}

let unknown: ReadRow | undefined;

/** What isn't kept is unknown. */
export function caseOfKeptSpeed(row: KeptSpeed): CaseRecord {
  const { n_prompt: prompt, n_gen: generated, n_depth: depth } = row;
  const test = testName(workloadOf({ prompt, generated, depth }));
  const rest = { schema_version: schemaVersion, run_id: "", test };
  unknown ??= reportedRowSchema.parse({ ...rest, ...row });
  return recordOf({ ...unknown, ...rest, ...row });
}
