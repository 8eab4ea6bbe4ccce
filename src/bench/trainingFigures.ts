/** What a training step comes to beside its tokens per second. Null of other tests, and where nothing was measured. */
import { summaryOf, type CaseRecord } from "./record.ts";
import { repetitionTokens } from "./workload.ts";

/** Time of a step, in ms. */
export function stepMs(record: CaseRecord): number | null {
  const ns = record.workload.kind === "train" ? (summaryOf(record)?.meanNs ?? null) : null;
  return ns === null ? null : ns / 1e6;
}

/**
 * TFLOP/s by the formula that counts a step's operations (gguf/decoderShape.ts, `trainingFlops`), mean over the repetitions:
 * that of their tokens per second, of each token's operations.
 */
export function trainTflops(record: CaseRecord): number | null {
  const summary = summaryOf(record);
  const flops = summary?.readings.flops ?? null;
  if (record.workload.kind !== "train" || summary === null || flops === null) return null;
  return (summary.mean * flops) / repetitionTokens(record.workload) / 1e12;
}
