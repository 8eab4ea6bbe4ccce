/**
 * Rows of llama-batched-bench and of llama-sweep-bench, whose tables have the same columns: a prompt of `pp` tokens and a
 * generation of `tg`, each timed once.
 */
import {
  repetitionTokens,
  workloadOf,
  type TokenCounts,
  type Workload,
} from "../../../bench/workload.ts";
import { RowRefused, type Fields } from "../found.ts";
import type { Around } from "../runs.ts";
import { numberOf, textOf } from "./tool.ts";

/** Keys in JSON, by the columns of the table. */
const keyOf: Readonly<Record<string, string>> = {
  b: "pl",
  "t_pp s": "t_pp",
  "s_pp t/s": "speed_pp",
  "t_tg s": "t_tg",
  "s_tg t/s": "speed_tg",
  "t s": "t",
  "s t/s": "speed",
};

export interface Sequences {
  readonly fields: Fields;
  /** @throws RowRefused where the row hasn't such a number */
  number(key: string): number;
}

export function sequencesOf(row: Fields): Sequences {
  const fields = Object.fromEntries(
    Object.entries(row).map(([name, value]) => [keyOf[name] ?? name, value]),
  );
  const number = (key: string): number => {
    const value = numberOf(fields[key]);
    if (value !== null && value >= 0) return value;
    throw new RowRefused(`${key}: expected a number, got ${JSON.stringify(fields[key] ?? "")}`);
  };
  return { fields, number };
}

/** Parameters that llama-bench has too, by the row or by the line above its table. */
export function settingFields(row: Fields, { settings }: Around, isPrompt: boolean): Fields {
  const told = { ...settings, ...row };
  const names = ["n_batch", "n_ubatch", "flash_attn", "n_gpu_layers", "n_threads"];
  const fields = Object.fromEntries(
    names.flatMap((name) => (textOf(told[name]) === null ? [] : [[name, told[name]]])),
  );
  const ofPrompts = textOf(told["n_threads_batch"]);
  return isPrompt && ofPrompts !== null ? { ...fields, n_threads: ofPrompts } : fields;
}

/** A workload that was timed once, at this many tokens per second; null where there was nothing to time. */
export function onceTimed(
  lengths: TokenCounts,
  speedOf: () => number,
  setting: Fields,
): { readonly fields: Fields; readonly workload: Workload } | null {
  if (lengths.prompt + lengths.generated === 0) return null;
  const speed = speedOf();
  if (speed === 0) throw new RowRefused("a speed is 0");
  const workload = workloadOf(lengths);
  return {
    workload,
    fields: {
      ...setting,
      n_prompt: lengths.prompt,
      n_gen: lengths.generated,
      n_depth: lengths.depth,
      avg_ns: Math.round((1e9 * repetitionTokens(workload)) / speed),
      avg_ts: speed,
      samples_ts: [speed],
    },
  };
}
