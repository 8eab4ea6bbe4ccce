/** Why a machine has no number where others have one, in a few words. */
import type { CaseRecord } from "../../bench/record.ts";
import { contextTokens } from "../../bench/workload.ts";
import { caseBytes } from "../../compare/caseBytes.ts";
import type { Machine } from "../../compare/machines.ts";
import { sameShapeAs, type NamedModel } from "../../compare/modelNames.ts";
import { reasonCell } from "../../results/codes.ts";
import type { Slot } from "./slots.ts";
import { gib, gibOf } from "./words/phrases.ts";

/** `not on its GPU: 38.6 of 24.0 GiB at 512 tokens`; without a GPU `needs 38.6 of 15.0 GiB of RAM`. */
export function whyNoBar(record: CaseRecord, machine: Machine): string {
  if (record.status === "failed") return `failed: ${reasonCell(record) ?? "no reason given"}`;
  const noGpu = machine.backend === "cpu";
  const needed = neededOf(record, noGpu ? machine.ramBytes : machine.gpuBudgetBytes, noGpu);
  if (noGpu) return needed === null ? "does not fit" : `needs ${needed}`;
  return needed === null ? "not on its GPU" : `not on its GPU: ${needed}`;
}

function neededOf(record: CaseRecord, budgetBytes: number | null, ofRam: boolean): string | null {
  const known = caseBytes(record);
  if (known === null || budgetBytes === null) return null;
  const { memory, settings, workload } = record;
  const needed = known + (memory.computeBytes ?? 0);
  const context = settings.nCtx ?? contextTokens(workload);
  const what = memory.kvBytes === null ? "for the weights alone" : `at ${context} tokens`;
  const bytes =
    needed < 2 ** 30 ? `${gib(needed)} of ${gib(budgetBytes)}` : gibOf(needed, budgetBytes);
  return `${bytes}${ofRam ? " of RAM" : ""} ${what}`;
}

export function whyEmpty({ machine, pair, side }: Slot): string {
  return side === null
    ? whyNoCase(machine, pair.model, pair.test)
    : whyNoBar(pair[side].record, machine);
}

/** Why a machine has no case of the test: it has others of the model, or none. */
export function whyNoCase({ cases }: Machine, model: NamedModel, test: string): string {
  const ids = new Set([model.id, ...sameShapeAs(model.id)]);
  const known = cases.some(
    (record) => ids.has(record.model.id) && record.model.quantization === model.quantization,
  );
  return known ? `no ${test} in its file` : "not in its file";
}
