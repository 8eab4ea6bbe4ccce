/** The machine, taken for a run. */
import { isDeepStrictEqual } from "node:util";
import { isComplete, type Order } from "../run/order.ts";
import { prepareRun } from "../run/prepareRun.ts";
import { flagOf, type FlagKey } from "../suite/flags.ts";
import { withStartedEngines } from "./startedEngines.ts";

/**
 * Another run is left alone, but for a question that only the engine can answer: whoever named a device that isn't there is
 * told that first.
 * @param reserve takes the machine
 * @returns what gives it back
 */
export async function reserved(
  order: Order,
  reserve: () => Promise<() => void>,
): Promise<() => void> {
  // What is only told again disturbs nobody.
  if (isComplete(order)) return () => {};
  try {
    return await reserve();
  } catch (refusal) {
    if (namesDevices(order))
      await withStartedEngines(order, (engines) => prepareRun(order, engines));
    throw refusal;
  }
}

/** Settings that mean something on a machine that has what they name. */
const ofDevices = [
  "devices",
  "splitMode",
  "mainGpu",
  "tensorSplit",
  "tensorOverrides",
  "gpuBudgetBytes",
] as const satisfies readonly FlagKey[];

/** Those of a run that is gone on with were there when it began. */
function namesDevices(order: Order): boolean {
  if (order.kind === "resume") return false;
  const { settings } = order;
  return (
    !["auto", "cpu"].includes(settings.device) ||
    ofDevices.some((key) => !isDeepStrictEqual(settings[key], flagOf(key).initial))
  );
}
