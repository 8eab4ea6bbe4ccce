/** Do two rows measure the same thing? What differs is listed; what changes the meaning forbids a verdict. */
import type { CaseRow, Column } from "../results/caseResult.ts";
import { buildDistance, buildOf } from "./builds.ts";
import { layersOnGpu } from "./placement.ts";

/** Columns in which two rows of one model, quantization and test can differ, in the order they are listed. */
const compared = [
  "engine",
  "type_k",
  "type_v",
  "flash_attn",
  "n_batch",
  "n_ubatch",
  "n_threads",
  "n_ctx",
  "fit_ctx",
  "split_mode",
  "main_gpu",
  "tensor_split",
  "no_kv_offload",
  "n_cpu_moe",
  "load_mode",
  "model_sha256",
  "power_source",
  "power_mode",
] as const satisfies readonly Column[];

/**
 * Differences that make it another task. KV types are a precision, as the quantization is; the number of parameters
 * is the model itself. Batches, threads and flash attention are how a machine is best driven at the same task.
 */
export const meaningChanging = ["engine", "type_k", "type_v", "model_n_params"] as const;
export type MeaningChanging = (typeof meaningChanging)[number];

/** llama-bench's Markdown rounds parameters to two decimals. */
const paramsTolerance = 0.005;

export interface Differences {
  /** Each as `flash_attn: 1 / 0`, the baseline's first. */
  readonly listed: readonly string[];
  /** Those that change the meaning. */
  readonly meaning: readonly MeaningChanging[];
}

/** What isn't known on either side is no difference, but for the weights and the build, which are always said. */
export function differences(baseline: CaseRow, other: CaseRow): Differences {
  const differing = compared.filter((name) => {
    const [a, b] = [told(name, baseline), told(name, other)];
    return a !== null && b !== null && a !== b;
  });
  const params = paramsDiffer(baseline, other);
  const listed = differing.map((name) => listing(name, short(name, baseline), short(name, other)));
  if (params)
    listed.unshift(listing("model_n_params", baseline.model_n_params, other.model_n_params));
  if (layersDiffer(baseline, other))
    listed.push(listing("n_gpu_layers", baseline.n_gpu_layers, other.n_gpu_layers));
  if (baseline.model !== other.model) listed.unshift(listing("model", baseline.model, other.model));
  if (weightsDiffer(baseline, other))
    listed.push(listing("weights", baseline.weights, other.weights));
  const distance = buildDistance(baseline, other);
  if (distance !== "same") listed.push(listing("build", buildOf(baseline), buildOf(other)));
  const changing: readonly string[] = params ? [...differing, "model_n_params"] : differing;
  return { listed, meaning: meaningChanging.filter((name) => changing.includes(name)) };
}

type Cell = string | number | null;

function listing(name: string, baseline: Cell, other: Cell): string {
  return `${name}: ${baseline ?? "unknown"} / ${other ?? "unknown"}`;
}

/** As it is compared: null for unknown, and shares of devices in proportion, so that 1/1 is 0.5/0.5. */
function told(name: (typeof compared)[number], row: CaseRow): Cell {
  if (name === "power_source" && row.power_source === "unknown") return null;
  return name === "tensor_split" ? proportions(row.tensor_split) : row[name];
}

function proportions(split: string | null): string | null {
  if (split === null) return null;
  const shares = split.split("/").map(Number);
  const all = shares.reduce((sum, share) => sum + share, 0);
  // All zeros leave the shares to llama.cpp.
  if (all === 0) return "";
  return Number.isNaN(all) ? split : shares.map((share) => (share / all).toFixed(2)).join("/");
}

/** Of two that ran with a GPU; how many layers the model has is known from either. */
function layersDiffer(a: CaseRow, b: CaseRow): boolean {
  const ranWithGpu = [a, b].every(
    ({ status, backend }) => status === "measured" && backend !== "cpu",
  );
  if (!ranWithGpu || a.n_gpu_layers === null || b.n_gpu_layers === null) return false;
  const nLayers = a.n_layers ?? b.n_layers;
  return layersOnGpu(a.n_gpu_layers, nLayers) !== layersOnGpu(b.n_gpu_layers, nLayers);
}

function short(name: (typeof compared)[number], row: CaseRow): Cell {
  return name === "model_sha256" ? (row.model_sha256?.slice(0, 12) ?? null) : row[name];
}

function paramsDiffer({ model_n_params: a }: CaseRow, { model_n_params: b }: CaseRow): boolean {
  return a !== null && b !== null && Math.abs(a / b - 1) > paramsTolerance;
}

/** Synthetic weights against others are always said; two files of unknown making are not. */
function weightsDiffer({ weights: a }: CaseRow, { weights: b }: CaseRow): boolean {
  return a !== b && (a === "synthetic" || b === "synthetic");
}
