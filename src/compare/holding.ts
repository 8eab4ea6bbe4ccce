/** What a machine holds on its GPU, and what it could only do otherwise: one answer for each model and quantization. */
import { groupBy } from "../base/groupBy.ts";
import type { CaseRow } from "../results/caseResult.ts";
import type { Machine } from "./machines.ts";
import { extent } from "./phrases.ts";
import { bestPlaced, placementOf } from "./placement.ts";
import { shapeName } from "./twins.ts";
import { modelName } from "./work.ts";

export interface Holding {
  readonly machine: Machine;
  readonly model: string;
  readonly quantization: string | null;
  /** `llama-3-70b q4_k_m`. */
  readonly name: string;
  /** The same of every model of this shape (twins.ts). */
  readonly shape: string;
  /**
   * `yes` wholly, at the use context; `small_context`: not there, though at a measured one; `no`; `no_gpu`: it has none;
   * null where the rows don't say.
   */
  readonly onGpu: "yes" | "small_context" | "no" | "no_gpu" | null;
  /** Weights, KV cache at the use context and compute buffers; null where the rows don't say. */
  readonly neededBytes: number | null;
  readonly weightsBytes: number | null;
  readonly bitsPerWeight: number | null;
  /** Tokens of the use context, else those of the measured case; null where neither is known. */
  readonly contextTokens: number | null;
  /** Largest context that fits on the GPU; where the rows don't say, the largest that ran there. */
  readonly maxContextTokens: number | null;
  /** Token generation as measured in the best place that any was: on the GPU before the CPU. */
  readonly generations: readonly CaseRow[];
}

export function holdingsOf(machine: Machine): Holding[] {
  const groups = groupBy(
    machine.rows,
    ({ model, quantization }) => `${model}\n${quantization ?? ""}`,
  );
  return [...groups.values()]
    .map((rows) => holding(machine, rows))
    .toSorted((a, b) => (a.weightsBytes ?? 0) - (b.weightsBytes ?? 0));
}

function holding(machine: Machine, rows: readonly CaseRow[]): Holding {
  const first = <Name extends keyof CaseRow>(name: Name): CaseRow[Name] | null =>
    rows.find((row) => row[name] !== null)?.[name] ?? null;
  const weightsBytes = first("weights_bytes") ?? first("model_size");
  const params = first("model_n_params");
  return {
    machine,
    ...named(rows),
    onGpu: onGpu(machine, rows),
    ...neededAt(rows, weightsBytes),
    weightsBytes,
    bitsPerWeight: weightsBytes === null || params === null ? null : (weightsBytes * 8) / params,
    maxContextTokens: first("max_ctx") ?? longestOnGpu(rows),
    generations: bestGenerations(rows),
  };
}

function onGpu(machine: Machine, rows: readonly CaseRow[]): Holding["onGpu"] {
  const measured = rows.filter(({ status }) => status === "measured");
  if (machine.backend === "cpu") return "no_gpu";
  const ranOnGpu = measured.some((row) => placementOf(row) === "gpu");
  const atUse = rows.find(({ fit_at_ctx }) => fit_at_ctx !== null)?.fit_at_ctx;
  if (atUse === "full") return "yes";
  if (atUse !== undefined) return ranOnGpu ? "small_context" : "no";
  if (ranOnGpu) return rows.some(isRefusedInUse) ? "small_context" : "yes";
  const refused = rows.some(
    ({ status, fit }) => status === "does_not_fit" || status === "skipped" || fit === "partial",
  );
  return refused ? "no" : null;
}

/** At no longer a context than that of use. */
function isRefusedInUse(row: CaseRow): boolean {
  return row.status === "does_not_fit" && tokensOf(row) <= (row.fit_ctx ?? Infinity);
}

function longestOnGpu(rows: readonly CaseRow[]): number | null {
  const ran = rows.filter((row) => row.status === "measured" && placementOf(row) === "gpu");
  return ran.length === 0 ? null : extent(ran.map(tokensOf))[1];
}

/** Tokens that a case has in its context at its end. */
export function tokensOf({ n_prompt, n_gen, n_depth }: CaseRow): number {
  return n_depth + n_prompt + n_gen;
}

function neededAt(rows: readonly CaseRow[], weightsBytes: number | null) {
  const sized = rows.find(hasSizedCache);
  const fitContext = rows.find(({ fit_ctx }) => fit_ctx !== null)?.fit_ctx ?? null;
  if (weightsBytes === null) return { neededBytes: null, contextTokens: fitContext };
  if (sized === undefined) return { neededBytes: weightsBytes, contextTokens: null };
  const contextTokens = fitContext ?? sized.n_ctx;
  return { neededBytes: weightsBytes + buffersAt(sized, contextTokens ?? 0), contextTokens };
}

/** A row that knows its KV cache and the context that it is for. */
export function hasSizedCache({ kv_bytes, n_ctx }: CaseRow): boolean {
  return kv_bytes !== null && n_ctx !== null && n_ctx > 0;
}

/** The KV cache grows with the context (llama.cpp pads it to 256); the compute buffers hardly do. */
export function buffersAt(sized: CaseRow, contextTokens: number): number {
  const kvBytes = ((sized.kv_bytes ?? 0) * contextTokens) / (sized.n_ctx ?? 1);
  return kvBytes + (sized.compute_bytes ?? 0);
}

function bestGenerations(rows: readonly CaseRow[]): CaseRow[] {
  return bestPlaced(rows.filter((row) => row.n_gen > 0 && row.n_prompt === 0));
}

function named([row]: readonly CaseRow[]) {
  const [model, quantization] = [row?.model ?? "", row?.quantization ?? null];
  return {
    model,
    quantization,
    name: modelName(model, quantization),
    shape: modelName(shapeName(model), quantization),
  };
}

/** The same model and quantization of another machine; where it has none, that of a model of the same shape. */
export function counterpartOf(
  { name, shape }: Holding,
  holdings: readonly Holding[],
): Holding | undefined {
  const same = holdings.find((other) => other.name === name);
  return same ?? holdings.find((other) => other.shape === shape);
}

/**
 * t/s of token generation, as near as it was measured to the context that `contextTokens` is; where that isn't known, the
 * fastest. 0 for none.
 */
export function speedOf({ generations, contextTokens }: Holding): number {
  const use = contextTokens ?? 0;
  const within = generations.filter((row) => tokensOf(row) <= use);
  const tokens = within.length > 0 ? extent(within.map(tokensOf))[1] : null;
  const nearest = tokens === null ? generations : within.filter((row) => tokensOf(row) === tokens);
  return nearest.reduce((best, { avg_ts }) => Math.max(best, avg_ts ?? 0), 0);
}
