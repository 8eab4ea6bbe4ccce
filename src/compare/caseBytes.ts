/** Memory that a case needs, as far as its record tells. */
import type { CaseRecord } from "../bench/record.ts";

/** Null where the record tells neither its tensors' bytes nor the file's. */
export function weightsBytesOf({ memory, model }: CaseRecord): number | null {
  return memory.weightsBytes ?? model.bytes;
}

/** Weights and KV cache; the weights alone where the cache isn't known. */
export function caseBytes(record: CaseRecord): number | null {
  const weights = weightsBytesOf(record);
  return weights === null ? null : weights + (record.memory.kvBytes ?? 0);
}

/** Whether the record tells its KV cache and the context that it is for. */
export function hasSizedCache({ memory, settings: { nCtx } }: CaseRecord): boolean {
  return memory.kvBytes !== null && nCtx !== null && nCtx > 0;
}

/** The KV cache grows with the context (llama.cpp pads it to 256); 0 where the record doesn't tell it. */
export function cacheBytesAt(record: CaseRecord, contextTokens: number): number {
  if (!hasSizedCache(record)) return 0;
  return ((record.memory.kvBytes ?? 0) * contextTokens) / (record.settings.nCtx ?? 1);
}

/** KV cache and compute buffers, of which the latter hardly grow. */
export function buffersAt(record: CaseRecord, contextTokens: number): number {
  return cacheBytesAt(record, contextTokens) + (record.memory.computeBytes ?? 0);
}
