import type { Precision } from "../../../src/bench/precisions.ts";
import type { TrainWorkload } from "../../../src/bench/workload.ts";

/** A step that takes a toy some milliseconds. */
export function trainWorkload(precision: Precision, sequence = 16, batch = 2): TrainWorkload {
  return { kind: "train", sequence, batch, precision, depth: 0, parallel: 1 };
}
