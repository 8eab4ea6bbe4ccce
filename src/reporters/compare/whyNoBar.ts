/** Why a machine has no number where others have one, in a few words. */
import { tokensOf } from "../../compare/holding.ts";
import type { Machine } from "../../compare/machines.ts";
import { gib, gibOf } from "../../compare/phrases.ts";
import { twinsOf } from "../../compare/twins.ts";
import type { CaseRow } from "../../results/caseResult.ts";
import type { Slot } from "./slots.ts";

/** `not on its GPU: 38.6 of 24.0 GiB at 512 tokens`; without a GPU `needs 38.6 of 15.0 GiB of RAM`. */
export function whyNoBar(row: CaseRow, machine: Machine): string {
  if (row.status === "failed") return `failed: ${row.reason ?? "no reason given"}`;
  const noGpu = machine.backend === "cpu";
  const needed = neededOf(row, noGpu ? machine.ramBytes : machine.gpuBudgetBytes, noGpu);
  if (noGpu) return needed === null ? "does not fit" : `needs ${needed}`;
  return needed === null ? "not on its GPU" : `not on its GPU: ${needed}`;
}

function neededOf(row: CaseRow, budgetBytes: number | null, ofRam: boolean): string | null {
  const weights = row.weights_bytes ?? row.model_size;
  if (weights === null || budgetBytes === null) return null;
  const needed = weights + (row.kv_bytes ?? 0) + (row.compute_bytes ?? 0);
  const context = row.n_ctx ?? tokensOf(row);
  const what = row.kv_bytes === null ? "for the weights alone" : `at ${context} tokens`;
  const bytes =
    needed < 2 ** 30 ? `${gib(needed)} of ${gib(budgetBytes)}` : gibOf(needed, budgetBytes);
  return `${bytes}${ofRam ? " of RAM" : ""} ${what}`;
}

export function whyEmpty({ machine, pair, at }: Slot): string {
  return at === null ? whyNoRow(machine, pair) : whyNoBar(pair.sides[at].row, machine);
}

type Work = Pick<CaseRow, "model" | "quantization" | "test">;

/** Of a machine that has no row of the test: whether it has others of the model. */
export function whyNoRow({ rows }: Machine, { model, quantization, test }: Work): string {
  const names = new Set([model, ...twinsOf(model)]);
  const known = rows.some((row) => names.has(row.model) && row.quantization === quantization);
  return known ? `no ${test} in its file` : "not in its file";
}
