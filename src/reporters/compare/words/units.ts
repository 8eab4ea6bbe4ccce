/** Units in full. */
import type { Unit } from "../../../bench/metrics.ts";

export const unitNames = {
  "t/s": "tokens per second",
  ms: "milliseconds",
} as const satisfies Record<Unit, string>;
