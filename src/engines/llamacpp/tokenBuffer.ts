/** Tokens in native memory, and the batches that `llama_decode` takes over them. */
import koffi from "koffi";
import { encodeBatch, type Batch, type Pointer } from "./structs.ts";

export const int32Bytes = 4;

/** Room for `length` tokens, seen from JavaScript. */
export function tokenBuffer(length: number): { pointer: Pointer; view: Int32Array } {
  const pointer = koffi.alloc("int32_t", Math.max(1, length)) as Pointer;
  return { pointer, view: new Int32Array(koffi.view(pointer, Math.max(1, length) * int32Bytes)) };
}

export function batchOf(token: Pointer, count: number): Batch {
  return encodeBatch({
    n_tokens: count,
    token,
    embd: null,
    pos: null,
    n_seq_id: null,
    seq_id: null,
    logits: null,
  });
}
