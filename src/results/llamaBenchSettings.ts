/**
 * The parameters that a record of llama-bench tells beside those that llmbench has settings for: its own others, those of
 * forks and of builds to come. None is passed over: rows that differ in one aren't rows of one case.
 */
import type { OtherSettings } from "../bench/record.ts";
import { isFact } from "./importRecord.ts";

/**
 * llama-bench's parameters with the values that it prints where none was asked for (`cmd_params_defaults`,
 * tools/llama-bench/llama-bench.cpp, llama.cpp v0.4.0; `numa`, `prio`, `delay` and `no_warmup` are never printed by
 * it, `mul_mat_q` and `rpc` were by older builds).
 */
const usual: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    cpu_mask: ["0x0"],
    cpu_strict: ["0"],
    poll: ["50"],
    lazy_mode: ["auto"],
    embeddings: ["0"],
    no_op_offload: ["0"],
    no_host: ["0"],
    fit_target: ["0"],
    fit_min_ctx: ["0"],
    numa: ["disabled", "0"],
    prio: ["0"],
    delay: ["0"],
    mul_mat_q: ["1"],
    no_warmup: ["0"],
    rpc: ["0"],
  }),
);

/** llama-bench's default; null for a parameter that it hasn't. */
export function usualSetting(name: string): string | null {
  return usual.get(name)?.[0] ?? null;
}

/** Names that llama-bench's tables and command lines have for its columns. */
const columnOf: ReadonlyMap<string, string> = new Map(
  Object.entries({
    embd: "embeddings",
    nopo: "no_op_offload",
    noh: "no_host",
    fitt: "fit_target",
    fitc: "fit_min_ctx",
    lzm: "lazy_mode",
    mmq: "mul_mat_q",
  }),
);

/** Those that aren't llama-bench's defaults. */
export function otherSettingsIn(record: Readonly<Record<string, unknown>>): OtherSettings {
  const others: Record<string, string> = {};
  for (const [key, value] of Object.entries(record)) {
    if (isFact(key)) continue;
    const name = columnOf.get(key) ?? key;
    const text = settingText(value);
    if (text !== null && usual.get(name)?.includes(text) !== true) others[name] = text;
  }
  return others;
}

/** Flags are 0 and 1 in the CSV, false and true in JSON; null for what tells nothing, or is no setting. */
function settingText(value: unknown): string | null {
  if (typeof value === "boolean") return String(Number(value));
  if (typeof value === "number") return String(value);
  return typeof value === "string" ? textValue(value.trim()) : null;
}

function textValue(text: string): string | null {
  if (text === "true") return "1";
  if (text === "false") return "0";
  return text === "" ? null : text;
}
