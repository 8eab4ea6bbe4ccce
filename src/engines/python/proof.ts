/** Whether training was done: judged here, by what the worker tells of losses, gradients and weights. */
import type { Precision } from "../../bench/precisions.ts";
import type { MeasuredSteps, Proof } from "./protocol.ts";

/** Steps that move the weights, before anything is timed: as many as let the loss of any size of decoder fall. */
export const proofSteps = 4;

/** What is wrong with the steps on the fixed batch; null where they learn. */
export function whyNotLearning(proof: Proof, precision: Precision): string | null {
  const { steps, gradient_norms: gradients, unchanged, tensors, finite } = proof;
  const lost = steps.findIndex(({ loss }) => loss === null);
  if (lost !== -1) return notFinite(`the loss is not finite after ${stepText(lost)}`, precision);
  if (!finite || gradients.includes(null))
    return notFinite(
      `${finite ? "gradients" : "weights"} are not finite after ${stepText(steps.length)}`,
      precision,
    );
  const moved = steps.filter(({ skipped }) => !skipped).length;
  if (moved < proofSteps)
    return `the loss scaler skipped ${steps.length - moved} of ${stepText(steps.length)}`;
  const still = gradients.filter((norm) => norm === 0).length;
  if (still > 0) return `${still} of ${tensors} tensors have no gradient: nothing went backward`;
  if (unchanged.length > 0)
    return `${unchanged.length} of ${tensors} tensors are unchanged after ${stepText(steps.length)}: ${unchanged[0]}`;
  const [first, last] = [steps[0]?.loss ?? 0, steps.at(-1)?.loss ?? 0];
  return last < first
    ? null
    : `the loss did not fall on its one batch: ${first} at first, ${last} after ${stepText(steps.length)}`;
}

function stepText(steps: number): string {
  return steps === 1 ? "1 step" : `${steps} steps`;
}

/** The way out is another precision only where the precision is what loses it. */
function notFinite(what: string, precision: Precision): string {
  return precision === "f16-pure"
    ? `${what}: float16 weights and moments round small values to 0; f16 keeps them in float32 and scales the loss`
    : what;
}

/** What is wrong with the timed repetitions; null where each of them was a step. */
export function whyNotDone({ traces, finite }: Pick<MeasuredSteps, "traces" | "finite">) {
  if (!finite) return "weights are not finite after the last repetition";
  for (const [index, [loss, gradient, weights]] of traces.entries()) {
    if (loss === null || gradient === null || weights === null)
      return `loss, gradients or weights are not finite after repetition ${index}`;
    const before = traces[index - 1];
    if (before === undefined) continue;
    if (before[2] === weights) return `repetition ${index} left the weights as they were`;
    // On one batch with other weights no gradient comes twice: this one is left over.
    if (before[1] === gradient) return `repetition ${index} computed no gradient of its own`;
  }
  return null;
}
