/** What becomes of a model that a machine's GPU doesn't hold. */
import { raisedMetalLimit, type RaisedMetalLimit } from "../machine/metalLimit.ts";
import { isBeyondGpu, measuredWork, type ModelOnMachine } from "./modelOnMachine.ts";

export type Otherwise =
  /** Null where it isn't known how long. */
  | { readonly kind: "shorter_context"; readonly tokens: number | null }
  /** It runs with layers on the CPU. */
  | { readonly kind: "runs" }
  /** More than all that the machine has. */
  | { readonly kind: "beyond_all_memory" }
  | { readonly kind: "not_run" };

/** What a machine does with a model that it doesn't hold on its GPU at the context of use. */
export function otherwise(model: ModelOnMachine): Otherwise {
  if (model.onGpu === "small_context")
    return { kind: "shorter_context", tokens: model.maxContextTokens };
  if (measuredWork(model).length > 0) return { kind: "runs" };
  return { kind: isBeyondAllMemory(model) ? "beyond_all_memory" : "not_run" };
}

function isBeyondAllMemory({ neededBytes, machine }: ModelOnMachine): boolean {
  const { gpuBudgetBytes, ramBytes, backend } = machine;
  if (neededBytes === null || ramBytes === null) return false;
  const all = backend === "metal" ? ramBytes : ramBytes + (gpuBudgetBytes ?? 0);
  return neededBytes > all;
}

export interface Raisable {
  readonly model: ModelOnMachine;
  readonly raised: RaisedMetalLimit;
}

/** The largest that a raised Metal limit would hold, since the stock limit is the owner's to change; null for none. */
export function largestRaisable(models: readonly ModelOnMachine[]): Raisable | null {
  const raisable = models.filter(isBeyondGpu).flatMap((model): Raisable[] => {
    const { machine, neededBytes } = model;
    if (machine.backend !== "metal" || machine.ramBytes === null || neededBytes === null) return [];
    const raised = raisedMetalLimit(neededBytes, machine.ramBytes);
    return raised !== null && raised.limitBytes > (machine.gpuBudgetBytes ?? 0)
      ? [{ model, raised }]
      : [];
  });
  return raisable.at(-1) ?? null;
}
